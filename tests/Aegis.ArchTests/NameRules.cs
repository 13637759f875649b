using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Aegis.ArchTests;

/// <summary>One word for one thing: no name that was given up, no two types of one name.</summary>
public sealed partial class NameRules
{
    private const BindingFlags All =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Properties that are named like their configuration key, which stays.</summary>
    private static readonly HashSet<string> ConfigurationKeys =
        ["WebhooksOptions.MostEndpoints", "WebhooksOptions.MostAtOnce", "AuthOptions.MostKeys", "AuthOptions.DefaultMostKeys",
            "ApplicationOptions.MostWaiting", "ApplicationOptions.DefaultMostWaiting"];

    private static IEnumerable<Assembly> Host => [Solution.Kernel, Solution.Contracts, Solution.Dicom, .. Solution.Modules, Solution.Host];

    [Fact]
    public void Nothing_is_declared_under_a_name_that_was_given_up()
    {
        var old = Host.SelectMany(Declared)
            .SelectMany(t => t.GetMembers(All).Where(m => !m.Name.StartsWith('<') && !IsVagueProperty(m)).Select(m => (Type: t, m.Name))
                .Append((Type: t, t.Name)))
            .Where(m => GivenUp().IsMatch(m.Name.Split('.')[^1]) && !ConfigurationKeys.Contains($"{m.Type.Name}.{Property(m.Name)}"))
            .Select(m => $"{m.Type.Name}.{m.Name}");

        string.Join('\n', old).Should().BeEmpty();
    }

    [Fact]
    public void No_two_types_of_the_host_share_a_name()
    {
        var shared = Host.SelectMany(Declared)
            .Where(t => !t.IsNested && t.Name is not ("Log" or "Program"))
            .GroupBy(t => t.Name)
            .Where(g => g.Count() > 1)
            .Select(g => string.Join(", ", g.Select(t => t.FullName)));

        string.Join('\n', shared).Should().BeEmpty();
    }

    /// <summary>An alert is set on category and event id.</summary>
    [Fact]
    public void No_two_log_messages_of_a_module_share_an_event_id()
    {
        var shared = Host.SelectMany(a => a.GetTypes().Where(t => t.Name == "Log").SelectMany(t => t.GetMethods(All))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .GroupBy(m => m.GetCustomAttribute<LoggerMessageAttribute>()!.EventId)
            .Where(g => g.Count() > 1)
            .Select(g => $"{a.GetName().Name} {g.Key}: {string.Join(", ", g.Select(m => m.Name))}"));

        string.Join('\n', shared).Should().BeEmpty();
    }

    /// <summary>Such a type could be named by its whole name only (CS0118).</summary>
    [Fact]
    public void No_type_is_named_like_a_folder_above_or_next_to_it()
    {
        var folders = Host.SelectMany(Declared).Select(t => t.Namespace!).Distinct().ToHashSet(StringComparer.Ordinal);
        var hidden = Host.SelectMany(Declared)
            .Where(t => !t.IsNested && Above(t.Namespace!).Any(n => folders.Any(f => f == $"{n}.{t.Name}")))
            .Select(t => t.FullName);

        string.Join('\n', hidden).Should().BeEmpty();
    }

    /// <summary>Of a method these words say nothing about what it does; as a property they may.</summary>
    private static bool IsVagueProperty(MemberInfo member) =>
        member is PropertyInfo && member.Name is "Seen" or "Again" or "Rest" or "Right" or "Wrong";

    private static IEnumerable<string> Above(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(n => string.Join('.', parts.Take(n)));
    }

    private static string Property(string member) => member.StartsWith("get_", StringComparison.Ordinal)
        || member.StartsWith("set_", StringComparison.Ordinal) ? member[4..] : member;

    private static IEnumerable<Type> Declared(Assembly assembly) => assembly.GetTypes().Where(t =>
        t.Namespace?.StartsWith("Aegis.", StringComparison.Ordinal) is true
        && !t.Namespace.Contains(".Migrations", StringComparison.Ordinal)
        && !t.Name.Contains('<', StringComparison.Ordinal) && t.DeclaringType?.Name.StartsWith('<') is not true
        && !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)));

    [GeneratedRegex(
        @"Desk$|Standing|^Memories$|^Trust$|^Postman$|^Letter(Kind|Text|Notice|Content)?$|^FreshProof|Nobody|^Lane(Run|Tools|s)?$"
        + @"|Book$|^Guesses$|^Verdicts$|^Places$|^Meeting$|^DecideAnew$|^DependOn$|^(get_|set_)?(Default)?Most([A-Z]|$)"
        + @"|^(Word|Seen|Again|Rest|Right|Wrong)$")]
    private static partial Regex GivenUp();
}
