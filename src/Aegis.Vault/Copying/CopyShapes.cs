using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Copying;

/// <summary>Says which members of the n8n credential get the value, so that it is sent there whenever it changes.</summary>
/// <param name="Config"><c>data_field</c> and, if needed, <c>prefix</c>, <c>handle_field</c> and <c>extra</c>. Sealed members that are left
/// out stay, unless other members change.</param>
internal sealed record KeepCopyRequest(JsonObject Config)
{
    public override string ToString() => "***";
}

internal sealed class KeepCopyValidator : AbstractValidator<KeepCopyRequest>
{
    public KeepCopyValidator() => RuleFor(x => x.Config).NotNull();
}

/// <summary>Changes which members of the n8n credential get the value.</summary>
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

/// <summary>The state of the n8n copy of a credential.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Config">Which members get the value, without secret members.</param>
/// <param name="SecretMembers">The names of the secret members that are set.</param>
/// <param name="Version">The version in use in the vault.</param>
/// <param name="SentVersion">The version that was last sent to n8n, or null.</param>
/// <param name="SentAt">When it was sent, or null.</param>
/// <param name="DueAt">When the next attempt is due, or null when none is planned.</param>
/// <param name="ErrorCode">Why the last attempt failed, or null.</param>
/// <param name="ErrorMessage">The same as a sentence; it names the members that n8n requires and that are missing in <c>extra</c>.</param>
/// <param name="FilledMembers">Members that n8n required with the last value and that were sent as <c>false</c>, empty, or with the
/// schema's default.</param>
internal sealed record KeptCopyResponse(
    string Credential, JsonObject Config, IReadOnlyList<string> SecretMembers, int Version, int? SentVersion, DateTimeOffset? SentAt,
    DateTimeOffset? DueAt, string? ErrorCode,
    string? ErrorMessage, IReadOnlyList<string> FilledMembers);
