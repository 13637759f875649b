using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Copying;

/// <summary>Says where the value of a credential stands in n8n, so that it is sent there whenever it changes.</summary>
/// <param name="Config">
/// <c>data_field</c>, and if needed <c>prefix</c>, <c>handle_field</c> and <c>extra</c>. Sealed members that are left out stay, unless
/// other members change.
/// </param>
internal sealed record KeepCopyRequest(JsonObject Config)
{
    public override string ToString() => "***";
}

internal sealed class KeepCopyValidator : AbstractValidator<KeepCopyRequest>
{
    public KeepCopyValidator() => RuleFor(x => x.Config).NotNull();
}

/// <summary>Changes where the value stands in n8n.</summary>
/// <param name="Config">The members that change; <c>null</c> removes one, also inside <c>extra</c>.</param>
[MergesItself]
internal sealed record ChangeCopyRequest(JsonObject Config)
{
    public override string ToString() => "***";
}

internal sealed class ChangeCopyValidator : AbstractValidator<ChangeCopyRequest>
{
    public ChangeCopyValidator() => RuleFor(x => x.Config).NotNull();
}

/// <summary>How n8n's copy of a credential follows the vault.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Config">Where its value stands, without what is secret.</param>
/// <param name="SecretMembers">The names of those members that are, and are set.</param>
/// <param name="Version">The version in use in the vault.</param>
/// <param name="SentVersion">The version that n8n was sent last, or null.</param>
/// <param name="SentAt">When, or null.</param>
/// <param name="DueAt">When the next attempt is made, or null when there is none to make.</param>
/// <param name="ErrorCode">Why the last attempt failed, or null.</param>
/// <param name="ErrorMessage">The same as a sentence; it names the members that n8n demands and that <c>extra</c> lacks.</param>
/// <param name="FilledMembers">
/// Members that n8n demanded with the last value and that were sent as <c>false</c>, empty or by the schema's default.
/// </param>
internal sealed record KeptCopyResponse(
    string Credential, JsonObject Config, IReadOnlyList<string> SecretMembers, int Version, int? SentVersion, DateTimeOffset? SentAt,
    DateTimeOffset? DueAt, string? ErrorCode,
    string? ErrorMessage, IReadOnlyList<string> FilledMembers);
