using Aegis.Kernel.Persistence;

namespace Aegis.ArchTests;

/// <summary>
/// Auth has three parts: Access proves a call, Tenancy says who may be here, People is how a person signs in. Tenancy may use Access,
/// People may use both. Shared are entities, since queries join their tables, and what is in no part (Persistence, Protection, the module
/// itself).
/// </summary>
public sealed class AuthParts
{
    private const string Root = "Aegis.Auth.";

    /// <summary>Types that use a part they should not know, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["Tenancy.Applications.Approval"] = "an approved applicant gets a claim, by mail where there is a server",
        ["Tenancy.Organizations.Founding"] = "the organization that runs the installation begins with a user and a key",
    };

    [Fact]
    public void Access_knows_neither_Tenancy_nor_People_and_Tenancy_no_People()
    {
        var wrong = Solution.Auth.GetTypes()
            .Where(t => t.Namespace?.StartsWith(Root, StringComparison.Ordinal) is true && !t.IsNested)
            .Where(t => TypeUses.Of(t).Any(used => Forbidden(PartOf(t), PartOf(used))))
            .Select(t => t.FullName![Root.Length..])
            .ToList();

        wrong.Should().BeEquivalentTo(Exceptions.Keys);
        Exceptions.Count.Should().BeLessThanOrEqualTo(5);
    }

    private static bool Forbidden(string part, string used) => part switch
    {
        "Access" => used is "Tenancy" or "People",
        "Tenancy" => used is "People",
        _ => false,
    };

    private static string PartOf(Type type)
    {
        if (typeof(Entity).IsAssignableFrom(type) || type.Assembly != Solution.Auth || type.Namespace is not { } name
            || !name.StartsWith(Root, StringComparison.Ordinal)) return "";
        var part = name[Root.Length..].Split('.')[0];
        return part is "Pages" ? "People" : part;
    }
}
