using System.Reflection;
using Aegis.Kernel.Events;
using Aegis.Kernel.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Aegis.ArchTests;

/// <summary>Rules 2, 3 and 4: what modules export, what Contracts holds, what entities know.</summary>
public sealed class TypeRules
{
    [Fact]
    public void A_module_exports_one_public_type_that_ends_in_Module()
    {
        foreach (var module in Solution.Modules)
            module.GetExportedTypes().Should().ContainSingle().Which.Name.Should().EndWith("Module");
    }

    [Fact]
    public void Classes_of_modules_are_sealed_static_or_abstract()
    {
        var open = Solution.Modules.SelectMany(Written)
            .Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract)
            .Select(t => t.FullName);

        open.Should().BeEmpty();
    }

    [Fact]
    public void Contracts_hold_interfaces_enums_constants_and_sealed_records_only()
    {
        var others = Solution.Contracts.GetExportedTypes()
            .Where(t => !(t.IsInterface || t.IsEnum || IsConstants(t) || (t.IsSealed && IsRecord(t))))
            .Select(t => t.FullName);

        others.Should().BeEmpty();
    }

    [Fact]
    public void Events_equal_the_checked_in_list()
    {
        var names = new EventCatalog([Solution.Contracts]).Names;

        var listed = File.ReadAllLines(Path.Combine(Solution.Folder, "docs", "events.txt")).Where(l => l.Length > 0);
        names.Should().Equal(listed);
    }

    [Fact]
    public void Entities_have_no_public_setter_and_know_no_web_and_no_database()
    {
        Type[] foreign = [typeof(HttpContext), typeof(HttpClient), typeof(DbContext)];
        foreach (var entity in Solution.Modules.SelectMany(Written).Where(t => typeof(Entity).IsAssignableFrom(t)))
        {
            entity.GetProperties().Where(p => p.SetMethod is { IsPublic: true })
                .Should().BeEmpty("{0} changes through its methods", entity.Name);
            var known = entity.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(m => m.GetParameters()).Select(p => p.ParameterType)
                .Concat(entity.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Select(f => f.FieldType));
            known.Where(t => foreign.Any(f => f.IsAssignableFrom(t))).Should().BeEmpty("{0} is a plain object", entity.Name);
        }
    }

    /// <summary>What an invariant of one row needs is read in one file.</summary>
    [Fact]
    public void The_state_changes_of_an_entity_are_not_split_over_files()
    {
        var split = Solution.SourceFiles("src")
            .Where(f => File.ReadLines(f).Any(l => l.Contains("partial class", StringComparison.Ordinal)))
            .Select(f => Path.GetFileName(f).Split('.')[0])
            .Intersect(Solution.Modules.SelectMany(Written).Where(t => typeof(Entity).IsAssignableFrom(t)).Select(t => t.Name));

        split.Should().BeEmpty();
    }

    /// <summary>A compiled page is found by its path alone, so two modules must not compile the same one.</summary>
    [Fact]
    public void No_two_modules_compile_a_page_of_one_path()
    {
        var twice = Directory.EnumerateFiles(Path.Combine(Solution.Folder, "src"), "*.cshtml", SearchOption.AllDirectories)
            .Select(f => Solution.Relative(f).Split('/', 3)[2])
            .GroupBy(p => p, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1)
            .Select(g => g.Key);

        twice.Should().BeEmpty();
    }

    private static IEnumerable<Type> Written(Assembly assembly) => assembly.GetTypes().Where(t =>
        !t.Name.StartsWith('<') && t.DeclaringType?.Name.StartsWith('<') is not true
        && t.Namespace?.StartsWith("Aegis.", StringComparison.Ordinal) is true
        && t.BaseType != typeof(Migration)
        && !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsConstants(Type type) =>
        type.IsAbstract && type.IsSealed
            && type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Length == 0;
}
