using System.Text.Json.Serialization;

namespace Aegis.Vault.Sync;

/// <summary>The options of a comparison.</summary>
/// <param name="DryRun">True only reports what would be done.</param>
internal sealed record SyncQuery([FromQuery(Name = "dryRun")] bool? DryRun = null);

/// <summary>What a comparison of the vault with n8n did, or would do.</summary>
/// <param name="Synced">How many of n8n's credentials the vault knows now.</param>
/// <param name="New">Imported credentials. They have no value, because n8n does not return values.</param>
/// <param name="Updated">Credentials that changed in n8n since the last comparison.</param>
/// <param name="SyncedAt">When it ended.</param>
/// <param name="DryRun">True when nothing was changed; left out otherwise.</param>
internal sealed record SyncResponse(
    int Synced,
    IReadOnlyList<NewCredential> New,
    IReadOnlyList<ChangedCredential> Updated,
    DateTimeOffset SyncedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DryRun);

/// <summary>An imported credential.</summary>
/// <param name="Name">Its name in the vault: n8n's name, changed to a valid and free one.</param>
/// <param name="Id">cred_…, or null in a dry run.</param>
internal sealed record NewCredential(string Name, string? Id);

/// <summary>A credential that has changed in n8n.</summary>
/// <param name="Name">Its name in the vault.</param>
/// <param name="Changes"><c>description</c> and <c>credential_type</c> were changed here as in n8n. <c>name</c> and <c>type</c> differ in
/// n8n and were not changed here. <c>missing</c>: n8n no longer lists it. <c>found</c>: n8n lists it again.</param>
internal sealed record ChangedCredential(string Name, IReadOnlyList<string> Changes);

/// <summary>A credential of n8n and the vault's credential that it belongs to.</summary>
/// <param name="Credential">Name in the vault.</param>
/// <param name="ProviderCredentialId">n8n's id.</param>
/// <param name="N8nName">Its name in n8n when it was last listed, or null.</param>
/// <param name="N8nType">Its type in n8n when it was last listed, or null.</param>
/// <param name="MissingSince">When n8n first no longer listed it, or null.</param>
internal sealed record CopyItem(
    string Credential, string ProviderCredentialId, string? N8nName, string? N8nType, DateTimeOffset? MissingSince);
