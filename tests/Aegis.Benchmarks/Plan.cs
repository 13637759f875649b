using System.Reflection;

namespace Aegis.Benchmarks;

/// <summary>What one run measures, and for how long.</summary>
/// <param name="Names">The figures asked for; none means all.</param>
/// <param name="IsQuick">Short rounds and small data: to see that everything runs, not to quote.</param>
/// <param name="IsLarge">Adds the study of 5 GB to the memory figure.</param>
internal sealed record Plan(IReadOnlyList<string> Names, bool IsQuick, bool IsLarge)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project tests/Aegis.Benchmarks [-- [P1 P2 P3 P4 P5 P6 P7 P8 P9] [--quick] [--large]]

          P1 …       only these figures
          --quick    short rounds and small data
          --large    also the study of 5 GB

        A whole run that is not quick writes docs/benchmarks.md.
        """;

    /// <summary>Connections that ask at the same time, unless a figure says otherwise.</summary>
    public const int Connections = 32;

    private static readonly string[] Known = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"];

    public int Rounds => IsQuick ? 1 : 4;

    public TimeSpan Round => TimeSpan.FromSeconds(IsQuick ? 1 : 4);

    /// <summary>
    /// How long each server is driven at least before it is measured: on few cores the compiler takes a third of them for half a minute.
    /// </summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(IsQuick ? 1 : 30);

    /// <summary>How long at most: a server with much code is compiled anew for longer than one with little.</summary>
    public TimeSpan LongestWarmUp => IsQuick ? WarmUp : TimeSpan.FromSeconds(120);

    /// <summary>Instances of the CT study, half a megabyte each.</summary>
    public int Instances => IsQuick ? 100 : 1_000;

    /// <summary>Rows of a grown database.</summary>
    public int ManyRows => IsQuick ? 50_000 : 1_000_000;

    /// <summary>Keys of a crowded host.</summary>
    public int ManyKeys => IsQuick ? 5_000 : 100_000;

    /// <summary>Sessions of a crowded host.</summary>
    public int ManySessions => ManyKeys * 10;

    public bool IsWhole => Names.Count == 0 && !IsQuick;

    public bool Includes(string name) => Names.Count == 0 || Names.Contains(name);

    public static Plan? Of(string[] args)
    {
        var names = args.Where(a => !a.StartsWith('-')).Select(a => a.ToUpperInvariant()).ToList();
        var options = args.Where(a => a.StartsWith('-')).ToList();
        if (names.Except(Known).Any() || options.Except(["--quick", "--large"]).Any()) return null;
        return new Plan(names, options.Contains("--quick"), options.Contains("--large"));
    }

    /// <summary>Figures of a debug build mean nothing.</summary>
    public static void RequireRelease()
    {
        if (typeof(Plan).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled is true)
            throw new InvalidOperationException("Build with -c Release.");
    }
}
