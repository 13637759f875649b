using System.Reflection;

namespace Aegis.Benchmarks;

/// <summary>What one run measures, and how long.</summary>
/// <param name="Names">The figures to measure; an empty list means all.</param>
/// <param name="IsQuick">Short rounds and small data. Shows that everything runs; the figures mean nothing.</param>
/// <param name="IsLarge">Adds a study of 5 GB to the memory figure.</param>
internal sealed record Plan(IReadOnlyList<string> Names, bool IsQuick, bool IsLarge)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project tests/Aegis.Benchmarks [-- [P1 P2 P3 P4 P5 P6 P7 P8 P9] [--quick] [--large]]

          P1 …       only these figures
          --quick    short rounds and small data
          --large    adds a study of 5 GB

        A whole run that is not quick writes docs/benchmarks.md.
        """;

    /// <summary>Number of concurrent connections, unless a figure says otherwise.</summary>
    public const int Connections = 32;

    private static readonly string[] Known = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"];

    public int Rounds => IsQuick ? 1 : 4;

    public TimeSpan Round => TimeSpan.FromSeconds(IsQuick ? 1 : 4);

    /// <summary>Minimum warm-up of each server. On few cores the compiler uses a third of them for half a minute.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(IsQuick ? 1 : 30);

    /// <summary>Maximum warm-up. A server with much code is compiled for longer than one with little.</summary>
    public TimeSpan LongestWarmUp => IsQuick ? WarmUp : TimeSpan.FromSeconds(120);

    /// <summary>Number of instances of the CT study, half a megabyte each.</summary>
    public int Instances => IsQuick ? 100 : 1_000;

    /// <summary>Number of rows of a grown database.</summary>
    public int ManyRows => IsQuick ? 50_000 : 1_000_000;

    /// <summary>Number of keys of a crowded host.</summary>
    public int ManyKeys => IsQuick ? 5_000 : 100_000;

    /// <summary>Number of sessions of a crowded host.</summary>
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

    /// <summary>Refuses a debug build, whose figures mean nothing.</summary>
    public static void RequireRelease()
    {
        if (typeof(Plan).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled is true)
            throw new InvalidOperationException("The figures of a debug build mean nothing. Build with -c Release.");
    }
}
