using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Access.Keys;

/// <summary>Decides what a new key may allow: never more than the <see cref="Rights"/> of the call that makes it.</summary>
internal static class KeyGrants
{
    /// <summary>The values of <c>expiry</c> and how long such a key works.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan?> Expiries = new Dictionary<string, TimeSpan?>(StringComparer.Ordinal)
    {
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
        ["90d"] = TimeSpan.FromDays(90),
        ["1y"] = TimeSpan.FromDays(365),
        ["never"] = null,
    };

    /// <summary>The warning that a key expires with the key it was created with, earlier than requested.</summary>
    public const string ExpiryCut = "expiry_cut_to_parent";

    /// <summary>
    /// A parent that expires sooner gets no children. A key that works for minutes is of no use, and its end would look like a fault.
    /// </summary>
    private static readonly TimeSpan MinLife = TimeSpan.FromHours(1);

    /// <param name="request">The request, already validated.</param>
    /// <param name="creator">The rights of the call that creates the key.</param>
    /// <param name="role">The role of the user of the new key.</param>
    /// <param name="now">Time of creation.</param>
    /// <returns>What the key allows, and whether it expires earlier than requested.</returns>
    /// <exception cref="RefusedException">The request asks for more than the creator has.</exception>
    public static (KeyGrant Grant, bool IsCut) Of(CreateKeyRequest request, Rights creator, string? role, DateTimeOffset now)
    {
        // checked first, so that 'never' is refused and not cut to the parent's expiry
        if (Expiries[request.Expiry] is null && role != Roles.Admin)
        {
            throw Refuse.Forbidden(
                "expiry_needs_admin", $"Only {Roles.Admin} can create keys that never expire. Choose 7d, 30d, 90d or 1y.");
        }

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
                $"You do not have {string.Join(", ", beyond)}, so your key cannot have them. Leave them out, or use 'full-access' for "
                    + "all scopes that you have.")
                .With("scopes", beyond);
    }

    /// <summary>The children of a parent that is limited to partners are limited too, even if the request does not ask for it.</summary>
    private static List<string>? PartnersOf(CreateKeyRequest request, Rights creator)
    {
        if (request.Partners is null) return creator.Partners?.Order(StringComparer.Ordinal).ToList();
        var beyond = creator.Partners is { } own ? request.Partners.Except(own, StringComparer.Ordinal).ToList() : [];
        return beyond.Count == 0
            ? [.. request.Partners.Distinct(StringComparer.Ordinal)]
            : throw Refuse.Forbidden(
                "partner_exceeds_creator",
                $"Your key may not deal with {string.Join(", ", beyond)}, so a key created with it cannot either. Leave them out.");
    }

    private static (DateTimeOffset? ExpiresAt, bool IsCut) ExpiryOf(CreateKeyRequest request, Rights creator, DateTimeOffset now)
    {
        var asked = now + Expiries[request.Expiry];
        if (creator.Outlasts(asked)) return (asked, false);
        if (creator.EndsAt - now < MinLife)
            throw Refuse.Forbidden("expiry_exceeds_parent",
                "The key or login of this call expires within an hour. Create this key with another key.")
                    .With("parentExpiresAt", creator.EndsAt);
        return (creator.EndsAt, true);
    }
}
