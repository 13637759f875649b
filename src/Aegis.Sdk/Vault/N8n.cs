namespace Aegis.Sdk.Vault;

/// <summary>How a credential's copy in n8n is kept up to date.</summary>
/// <param name="Credential">The credential that is copied.</param>
/// <param name="Config">The configuration in n8n, without secrets.</param>
/// <param name="SecretMembers">Members that are not shown.</param>
/// <param name="Version">The credential's version.</param>
/// <param name="SentVersion">The version in n8n.</param>
/// <param name="SentAt">When that version was sent.</param>
/// <param name="DueAt">When the next version is sent; null when n8n is up to date.</param>
/// <param name="ErrorCode">Why n8n refused it, as a code.</param>
/// <param name="ErrorMessage">Why n8n refused it, as a sentence.</param>
/// <param name="FilledMembers">Members that n8n required and that were sent as <c>false</c>, empty or with their default.</param>
public sealed record N8nCopy(
    string Credential, JsonObject Config, IReadOnlyList<string> SecretMembers, int Version, int? SentVersion, DateTimeOffset? SentAt,
    DateTimeOffset? DueAt, string? ErrorCode,
    string? ErrorMessage = null, IReadOnlyList<string>? FilledMembers = null) : Revised;

internal sealed record KeepN8nCopy(JsonObject Config)
{
    public override string ToString() => "***";
}

/// <summary>A credential in n8n.</summary>
public sealed record N8nCredential(
    string Credential, string ProviderCredentialId, string? N8nName, string? N8nType, DateTimeOffset? MissingSince);

internal sealed record N8nCredentialPage(IReadOnlyList<N8nCredential> Items, [property: JsonPropertyName("nextCursor")] string? NextCursor);

/// <summary>The result of searching n8n's workflows for values of the vault.</summary>
/// <param name="Workflows">Workflows that were read.</param>
/// <param name="Texts">Texts that were compared.</param>
/// <param name="Matches">Where a value is written in plain text.</param>
/// <param name="Complete">Whether all workflows were searched.</param>
/// <param name="NextCursor">Continues the search.</param>
/// <param name="ScannedAt">When the search was made.</param>
public sealed record N8nScan(
    int Workflows, int Texts, IReadOnlyList<N8nScanMatch> Matches, bool Complete, string? NextCursor, DateTimeOffset ScannedAt);

/// <summary>A value of the vault that a workflow contains.</summary>
public sealed record N8nScanMatch(string Credential, int Version, bool IsCurrent, string WorkflowId, string? Node, string Path);
