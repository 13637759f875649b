using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Providers.Configuration;

/// <summary>
/// Checks a configuration that a caller sent, for connections, credentials and copies alike. Sealed members cannot be read, and the other
/// members decide where they are sent. When one of those changes, each sealed member that should stay must be sent again. Otherwise a
/// caller could have a secret that it does not know sent to an address of its choice.
/// </summary>
/// <param name="shape">The members that the configuration may have.</param>
/// <param name="member">Its wire path: <c>config</c> or <c>provider_config</c>.</param>
/// <param name="checkAddresses">Reports addresses that may never be called; all addresses are checked again at each call.</param>
internal sealed class ConfigIntake(ConfigShape shape, string member, Action<JsonObject, ConfigErrors>? checkAddresses = null)
{
    private const int MaxLength = 12_000; // characters of each part: fits into its column, sealed or not
    private static readonly string[] SendAgain = ["Send this member again, or remove it."];

    /// <summary>Replaces the configuration, except for sealed members that are left out.</summary>
    /// <param name="present">The present configuration, or null.</param>
    /// <param name="sent">The new configuration.</param>
    /// <param name="moves">True when something outside the configuration changes that decides where secrets are sent.</param>
    public StoredConfig Replace(StoredConfig? present, JsonObject sent, bool moves = false) =>
        Take(present, shape.Keep(sent, present?.Secret ?? []), sent, moves);

    /// <summary>Changes the members that are sent (RFC 7396); <c>null</c> removes a member.</summary>
    public StoredConfig Merge(StoredConfig present, JsonObject patch) =>
        Take(present, MergePatch.Apply(present.Whole, patch), patch, moves: false);

    /// <summary>Refuses to keep sealed members that were not sent again.</summary>
    /// <param name="kept">The sealed members that would be stored.</param>
    /// <param name="sent">The sealed members that the caller sent.</param>
    public void RequireSentAgain(JsonObject kept, JsonObject sent)
    {
        var missing = ConfigShape.SecretValues(kept).Except(ConfigShape.SecretValues(sent), StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        throw Refuse.Invalid("secret_required",
            "This change decides where sealed members are sent. Send the members that 'errors' names again.")
            .With("errors", missing.ToDictionary(m => $"{member}.{m}", _ => SendAgain));
    }

    private StoredConfig Take(StoredConfig? present, JsonObject whole, JsonObject sent, bool moves)
    {
        shape.Require(whole, member);
        var errors = new ConfigErrors(member);
        checkAddresses?.Invoke(whole, errors);
        if (errors.Found.Count > 0) throw Invalid.Fields(errors.Found);
        var (open, secret) = shape.Split(whole);
        if (open.ToJsonString().Length > MaxLength || secret.ToJsonString().Length > MaxLength)
            throw Invalid.Field(member, $"{member} must have at most {MaxLength} characters.");
        if (present is not null && (moves || !JsonNode.DeepEquals(open, present.Open) || shape.ChangesUnknown(present.Secret, secret)))
            RequireSentAgain(secret, shape.Split(sent).Secret);
        return new StoredConfig(open, secret);
    }
}
