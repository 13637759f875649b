using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Keys;

/// <summary>Decides what a new key may allow: nothing beyond the <see cref="Rights"/> of the call that makes it.</summary>
internal static class KeyGrants
{
    /// <summary>The words for how long a key works.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan?> Expiries = new Dictionary<string, TimeSpan?>(StringComparer.Ordinal)
    {
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
        ["90d"] = TimeSpan.FromDays(90),
        ["1y"] = TimeSpan.FromDays(365),
        ["never"] = null,
    };

    /// <summary>In the answer when a key ends with the key it was made with, and so before the end that was asked for.</summary>
    public const string ExpiryCut = "expiry_cut_to_parent";

    /// <summary>
    /// A parent that ends sooner has no children: nobody wants a key for minutes, and would look for the fault elsewhere when it ends.
    /// </summary>
    private static readonly TimeSpan MinLife = TimeSpan.FromHours(1);

    /// <param name="request">What was asked for; its validator has passed.</param>
    /// <param name="creator">What the call that makes the key can hand on.</param>
    /// <param name="role">The role of the user whose key it becomes.</param>
    /// <param name="now">Time of creation.</param>
    /// <returns>What the key allows, and whether it ends before the end that was asked for.</returns>
    /// <exception cref="RefusedException">More was asked for than the creator has.</exception>
    public static (KeyGrant Grant, bool IsCut) Of(CreateKeyRequest request, Rights creator, string? role, DateTimeOffset now)
    {
        if (Expiries[request.Expiry] is null && role != Roles.Admin) // first: what was asked for is refused, not cut
            throw Refuse.Forbidden("expiry_needs_admin", $"Only {Roles.Admin} makes keys that never expire. Choose 7d, 30d, 90d or 1y.");

        var (scopes, partners) = (ScopesOf(request, creator), PartnersOf(request, creator));
        var (expiresAt, isCut) = ExpiryOf(request, creator, now);
        return (new KeyGrant(scopes, partners, expiresAt), isCut);
    }

    private static List<string> ScopesOf(CreateKeyRequest request, Rights creator)
    {
        if (request.Preset == Presets.FullAccess.Name) return [.. creator.Scopes.Order(StringComparer.Ordinal)];

        var asked = request.Preset is { } preset ? Presets.Find(preset)!.Scopes : ScopeCatalogue.Expand(request.Scopes!);
        var beyond = creator.Beyond(asked);
        return beyond.Count == 0
            ? [.. asked.Order(StringComparer.Ordinal)]
            : throw Refuse.Forbidden(
                "scope_exceeds_creator",
                $"You do not have {string.Join(", ", beyond)}, so a key of yours cannot. Leave them out, or use 'full-access' for all "
                    + "you have.")
                .With("scopes", beyond);
    }

    /// <summary>A narrowed parent makes narrowed children, also when they do not ask for it.</summary>
    private static List<string>? PartnersOf(CreateKeyRequest request, Rights creator)
    {
        if (request.Partners is null) return creator.Partners?.Order(StringComparer.Ordinal).ToList();
        var beyond = creator.Partners is { } own ? request.Partners.Except(own, StringComparer.Ordinal).ToList() : [];
        return beyond.Count == 0
            ? [.. request.Partners.Distinct(StringComparer.Ordinal)]
            : throw Refuse.Forbidden(
                "partner_exceeds_creator", $"Your key may not deal with {string.Join(", ", beyond)}, so a key made with it cannot.");
    }

    private static (DateTimeOffset? ExpiresAt, bool IsCut) ExpiryOf(CreateKeyRequest request, Rights creator, DateTimeOffset now)
    {
        var asked = now + Expiries[request.Expiry];
        if (creator.Outlasts(asked)) return (asked, false);
        if (creator.EndsAt - now < MinLife)
            throw Refuse.Forbidden("expiry_exceeds_parent",
                "The key or login you call with ends within an hour. Make this key with another one.")
                    .With("parentExpiresAt", creator.EndsAt);
        return (creator.EndsAt, true);
    }
}
