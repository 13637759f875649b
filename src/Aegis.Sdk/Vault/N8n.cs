namespace Aegis.Sdk.Vault;

/// <summary>How a credential's copy in n8n is kept up to date.</summary>
/// <param name="Credential">Whose copy.</param>
/// <param name="Config">How n8n wants it, without secrets.</param>
/// <param name="SecretMembers">Members that are not shown.</param>
/// <param name="Version">The credential's version.</param>
/// <param name="SentVersion">The version that n8n has.</param>
/// <param name="SentAt">Since when.</param>
/// <param name="DueAt">When n8n gets the next one; null when it has it.</param>
/// <param name="ErrorCode">Why n8n did not take it.</param>
/// <param name="ErrorMessage">The same as a sentence.</param>
/// <param name="FilledMembers">Members that n8n demanded and that were sent as <c>false</c>, empty or by its default.</param>
public sealed record N8nCopy(
    string Credential, JsonObject Config, IReadOnlyList<string> SecretMembers, int Version, int? SentVersion, DateTimeOffset? SentAt,
    DateTimeOffset? DueAt, string? ErrorCode,
    string? ErrorMessage = null, IReadOnlyList<string>? FilledMembers = null) : Revised;

internal sealed record KeepN8nCopy(JsonObject Config)
{
    public override string ToString() => "***";
}

/// <summary>A credential that n8n has.</summary>
public sealed record N8nCredential(
    string Credential, string ProviderCredentialId, string? N8nName, string? N8nType, DateTimeOffset? MissingSince);

internal sealed record N8nCredentialPage(IReadOnlyList<N8nCredential> Items, [property: JsonPropertyName("nextCursor")] string? NextCursor);

/// <summary>What a search of n8n's workflows for values of the vault found.</summary>
/// <param name="Workflows">Workflows that were read.</param>
/// <param name="Texts">Texts that were compared.</param>
/// <param name="Matches">Where a value stands in clear.</param>
/// <param name="Complete">Whether that were all.</param>
/// <param name="NextCursor">Goes on.</param>
/// <param name="ScannedAt">When.</param>
public sealed record N8nScan(
    int Workflows, int Texts, IReadOnlyList<N8nScanMatch> Matches, bool Complete, string? NextCursor, DateTimeOffset ScannedAt);

/// <summary>A value of the vault that stands in a workflow.</summary>
public sealed record N8nScanMatch(string Credential, int Version, bool IsCurrent, string WorkflowId, string? Node, string Path);
