using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Providers.Configuration;

/// <summary>
/// Takes in a configuration that a caller sent, the same way for connections, credentials and copies. Nobody can read a sealed member, and
/// the other members decide where it is sent: as soon as one of those changes, each sealed member that is to stay must be sent again.
/// Otherwise a caller could have a secret that it does not know sent to an address of its choice.
/// </summary>
/// <param name="shape">What the configuration may hold.</param>
/// <param name="member">Its wire path: <c>config</c> or <c>provider_config</c>.</param>
/// <param name="checkAddresses">Objects to addresses that could never be called; the others are checked when they are.</param>
internal sealed class ConfigIntake(ConfigShape shape, string member, Action<JsonObject, ConfigErrors>? checkAddresses = null)
{
    private const int MaxLength = 12_000; // characters of each part: what fits into its column, sealed or not
    private static readonly string[] SendAgain = ["Send this member again, or remove it."];

    /// <summary>Replaces everything but the sealed members that are left out.</summary>
    /// <param name="present">What is set, or null.</param>
    /// <param name="sent">The new configuration.</param>
    /// <param name="moves">True when something beside the configuration changes that decides where secrets go.</param>
    public StoredConfig Replace(StoredConfig? present, JsonObject sent, bool moves = false) =>
        Take(present, shape.Keep(sent, present?.Secret ?? []), sent, moves);

    /// <summary>Changes what is sent and leaves the rest (RFC 7396); <c>null</c> removes.</summary>
    public StoredConfig Merge(StoredConfig present, JsonObject patch) =>
        Take(present, MergePatch.Apply(present.Whole, patch), patch, moves: false);

    /// <summary>Refuses to keep sealed members that were not sent again.</summary>
    /// <param name="kept">The sealed members as they shall be stored.</param>
    /// <param name="sent">Those that the caller sent.</param>
    public void RequireSentAgain(JsonObject kept, JsonObject sent)
    {
        var missing = ConfigShape.SecretValues(kept).Except(ConfigShape.SecretValues(sent), StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        throw Refuse.Invalid("secret_required",
            "Send the sealed members that 'errors' names again: what changes decides where they are sent.")
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
