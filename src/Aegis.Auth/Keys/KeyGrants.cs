using Aegis.Auth.Catalogue;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Refusals;
using Aegis.Kernel.Validation;

namespace Aegis.Auth.Keys;

/// <summary>Decides what a new key may allow: nothing beyond its creator, which is the caller as it stands and the key it calls with.</summary>
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

    /// <param name="request">What was asked for; its validator has passed.</param>
    /// <param name="creator">The caller, whose scopes its role and its own key have limited.</param>
    /// <param name="parent">The key the caller calls with, or null when it is a person.</param>
    /// <param name="now">Time of creation.</param>
    /// <exception cref="RefusedException">More was asked for than the creator has.</exception>
    public static KeyGrant Of(CreateKeyRequest request, Caller creator, ApiKey? parent, DateTimeOffset now) =>
        new(ScopesOf(request, creator), PartnersOf(request, parent), ExpiryOf(request, creator, parent, now));

    /// <summary>True when all that a key allows is allowed to the caller too.</summary>
    public static bool Covers(Caller caller, ApiKey key) =>
        key.Scopes.All(scope => Allows(caller, scope))
        && (caller.Partners is null || (key.Partners is not null && key.Partners.All(caller.Partners.Contains)));

    private static List<string> ScopesOf(CreateKeyRequest request, Caller creator)
    {
        if (request.Preset == Presets.FullAccess.Name) return [.. creator.Scopes.Order(StringComparer.Ordinal)];

        var asked = request.Preset is { } preset ? Presets.Find(preset)!.Scopes : ScopeCatalogue.Expand(request.Scopes!);
        var beyond = asked.Where(scope => !Allows(creator, scope)).Order(StringComparer.Ordinal).ToList();
        return beyond.Count == 0
            ? [.. asked.Order(StringComparer.Ordinal)]
            : throw Refuse.Forbidden("scope_exceeds_creator", $"You do not have {string.Join(", ", beyond)}, so a key of yours cannot. Leave them out, or use 'full-access' for all you have.")
                .With("scopes", beyond);
    }

    private static bool Allows(Caller caller, string scope) => caller.Has(scope) || caller.Has(ScopeCatalogue.Whole(scope));

    /// <summary>A narrowed parent makes narrowed children, also when they do not ask for it.</summary>
    private static List<string>? PartnersOf(CreateKeyRequest request, ApiKey? parent)
    {
        if (request.Partners is null) return parent?.Partners;
        var beyond = parent?.Partners is { } own ? request.Partners.Except(own, StringComparer.Ordinal).ToList() : [];
        return beyond.Count == 0
            ? [.. request.Partners.Distinct(StringComparer.Ordinal)]
            : throw Refuse.Forbidden("partner_exceeds_creator", $"Your key may not deal with {string.Join(", ", beyond)}, so a key made with it cannot.");
    }

    private static DateTimeOffset? ExpiryOf(CreateKeyRequest request, Caller creator, ApiKey? parent, DateTimeOffset now)
    {
        var lifetime = Expiries[request.Expiry];
        if (lifetime is null && creator.Role != Roles.Admin)
            throw Refuse.Forbidden("expiry_needs_admin", $"Only {Roles.Admin} makes keys that never expire. Choose 7d, 30d, 90d or 1y.");

        var expiresAt = now + lifetime;
        if (parent?.ExpiresAt is { } end && (expiresAt is null || expiresAt > end))
            throw Refuse.Forbidden("expiry_exceeds_parent", "The key you call with expires earlier than that. Choose a shorter expiry.").With("parentExpiresAt", end);
        return expiresAt;
    }
}
