using System.Text.Json.Serialization;

namespace Aegis.Vault.Sync;

/// <summary>How the lists are compared.</summary>
/// <param name="DryRun">True shows what would be done and changes nothing.</param>
internal sealed record SyncQuery([FromQuery(Name = "dryRun")] bool? DryRun = null);

/// <summary>What a comparison of the vault with n8n did, or would do.</summary>
/// <param name="Synced">How many of n8n's credentials the vault knows now.</param>
/// <param name="New">Those that were taken in, without a value: n8n gives none away.</param>
/// <param name="Updated">Those that have changed in n8n since they were compared last.</param>
/// <param name="SyncedAt">When.</param>
/// <param name="DryRun">True when nothing was changed; left out otherwise.</param>
internal sealed record SyncResponse(
    int Synced,
    IReadOnlyList<NewCredential> New,
    IReadOnlyList<ChangedCredential> Updated,
    DateTimeOffset SyncedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DryRun);

/// <summary>A credential that was taken in.</summary>
/// <param name="Name">Its name in the vault: n8n's, made a valid and unused one.</param>
/// <param name="Id">cred_…, or null when nothing was changed.</param>
internal sealed record NewCredential(string Name, string? Id);

/// <summary>A credential that has changed in n8n.</summary>
/// <param name="Name">Its name in the vault.</param>
/// <param name="Changes"><c>description</c> and <c>credential_type</c> followed n8n; <c>name</c> and <c>type</c> differ there and were left
/// alone here; <c>missing</c>: n8n lists it no more; <c>found</c>: it does again.</param>
internal sealed record ChangedCredential(string Name, IReadOnlyList<string> Changes);

/// <summary>A credential of n8n and the vault's credential that it belongs to.</summary>
/// <param name="Credential">Name in the vault.</param>
/// <param name="ProviderCredentialId">n8n's id.</param>
/// <param name="N8nName">Its name in n8n when it was listed last, or null.</param>
/// <param name="N8nType">Its type in n8n when it was listed last, or null.</param>
/// <param name="MissingSince">Since when n8n lists it no more, or null.</param>
internal sealed record CopyItem(
    string Credential, string ProviderCredentialId, string? N8nName, string? N8nType, DateTimeOffset? MissingSince);
