namespace Aegis.Sdk.Vault;

/// <summary>What surrounds the credentials: providers, connections, sync, schedule and log.</summary>
public sealed class VaultApi
{
    private readonly Caller caller;

    internal VaultApi(Caller caller) => this.caller = caller;

    /// <summary>Providers, and the JSON schemas of what they need to know.</summary>
    public Task<ProviderCatalogue> GetProvidersAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/vault/providers", SnakeCaseJson.Default.ProviderCatalogue, cancellationToken);

    /// <summary>Which systems the organization has said how to reach.</summary>
    public Task<ConnectionList> ListConnectionsAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/vault/connections", SnakeCaseJson.Default.ConnectionList, cancellationToken);

    /// <summary>How one system is reached, without secrets.</summary>
    public Task<VaultConnection> GetConnectionAsync(string kind, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/vault/connections/{Query.Segment(kind)}", SnakeCaseJson.Default.VaultConnection, cancellationToken);

    /// <summary>Says how a system is reached.</summary>
    public Task<VaultConnection> SetConnectionAsync(
        string kind, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PutAsync(
        $"v1/vault/connections/{Query.Segment(kind)}", JsonBody.Of(new SetConnection(config), SnakeCaseJson.Default.SetConnection),
        SnakeCaseJson.Default.VaultConnection, cancellationToken, ifMatch);

    /// <summary>Changes members of how a system is reached and leaves the others; null removes a member (RFC 7396).</summary>
    public Task<VaultConnection> ChangeConnectionAsync(
        string kind, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        $"v1/vault/connections/{Query.Segment(kind)}", JsonBody.Of(new SetConnection(config), SnakeCaseJson.Default.SetConnection),
        SnakeCaseJson.Default.VaultConnection, cancellationToken, ifMatch);

    /// <summary>Forgets how a system is reached.</summary>
    public Task RemoveConnectionAsync(string kind, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/vault/connections/{Query.Segment(kind)}", cancellationToken, ifMatch);

    /// <summary>Takes over n8n's list of credentials.</summary>
    public Task<SyncedCredentials> SyncN8nAsync(
        bool dryRun = false, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        new Query("v1/sync/n8n").With("dryRun", dryRun ? "true" : null).ToString(), null, SnakeCaseJson.Default.SyncedCredentials,
        cancellationToken, isRepeatable: true);

    /// <summary>What n8n has, as the last sync saw it.</summary>
    public IAsyncEnumerable<N8nCredential> ListN8nCredentialsAsync(
        CancellationToken cancellationToken = default) => Page<N8nCredential>.WalkAsync(
        async (cursor, ct) =>
        {
            var page = await caller.GetAsync(new Query("v1/sync/n8n").With("cursor", cursor).ToString(),
                SnakeCaseJson.Default.N8nCredentialPage, ct).ConfigureAwait(false);
            return new Page<N8nCredential>(page.Items, page.NextCursor);
        },
        cancellationToken);

    /// <summary>
    /// Looks for values of the vault that stand in n8n's workflows in clear. A long search stops in between: go on with its cursor.
    /// </summary>
    public Task<N8nScan> ScanN8nAsync(string? cursor = null, CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync(new Query("v1/sync/n8n/scan").With("cursor", cursor).ToString(), null, SnakeCaseJson.Default.N8nScan,
            cancellationToken, isRepeatable: true);

    /// <summary>What rotates when.</summary>
    public Task<RotationSchedule> GetScheduleAsync(int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/rotation/schedule").With("limit", limit).ToString(), SnakeCaseJson.Default.RotationSchedule,
            cancellationToken);

    /// <summary>Who did what with which credential, newest first.</summary>
    public Task<VaultLog> GetLogAsync(
        VaultLogFilter? filter = null, int? limit = null, int? offset = null, CancellationToken cancellationToken = default) =>
            caller.GetAsync(
        new Query("v1/audit/log").With("credential_name", filter?.CredentialName).With("action", filter?.Action)
            .With("actor", filter?.Actor).With("on_behalf_of", filter?.OnBehalfOf)
            .With("start_date", filter?.From).With("end_date", filter?.To).With("limit", limit).With("offset", offset).ToString(),
        SnakeCaseJson.Default.VaultLog, cancellationToken);
}

/// <summary>Which entries of the vault's log.</summary>
public sealed record VaultLogFilter
{
    /// <summary>Of one credential.</summary>
    public string? CredentialName { get; init; }

    /// <summary>
    /// <c>created</c>, <c>updated</c>, <c>value_read</c>, <c>value_set</c>, <c>applied</c>, <c>rotated</c>, <c>rolled_back</c>,
    /// <c>tested</c>, <c>synced</c>, <c>retired</c> or <c>restored</c>.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>By whom.</summary>
    public string? Actor { get; init; }

    /// <summary>Whom the caller said it acted for.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>Entries of the vault's log; <c>Total</c> counts what matches.</summary>
public sealed record VaultLog(IReadOnlyList<VaultLogEntry> Log, int Total);

/// <summary>One entry of the vault's log.</summary>
public sealed record VaultLogEntry(
    string Id, DateTimeOffset Timestamp, string CredentialName, string Action, string Actor, string? OnBehalfOf, string? Target,
    bool Success);

/// <summary>Providers, and the systems they need a connection to.</summary>
public sealed record ProviderCatalogue(IReadOnlyList<ProviderDescription> Providers, IReadOnlyList<ConnectionDescription> Connections);

/// <summary>A provider; <c>ProviderConfig</c> is the JSON schema of what it needs to know.</summary>
public sealed record ProviderDescription(
    string Name, string? Connection, bool RotatesWithoutConfig, bool TestsWithoutConfig, JsonObject? ProviderConfig);

/// <summary>A kind of connection; <c>Config</c> is its JSON schema.</summary>
public sealed record ConnectionDescription(string Kind, JsonObject? Config);

/// <summary>Kinds of connections, and which are set.</summary>
public sealed record ConnectionList(IReadOnlyList<ConnectionState> Connections);

/// <summary>Whether a connection is set.</summary>
public sealed record ConnectionState(string Kind, bool IsSet, DateTimeOffset? UpdatedAt);

/// <summary>How a system is reached, without secrets.</summary>
public sealed record VaultConnection(
    string Kind, JsonObject Config, IReadOnlyList<string> SecretMembers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt) : Revised;

internal sealed record SetConnection(JsonObject Config)
{
    public override string ToString() => "***";
}

/// <summary>What a sync found.</summary>
public sealed record SyncedCredentials(
    int Synced, IReadOnlyList<NewlySynced> New, IReadOnlyList<ChangedBySync> Updated, DateTimeOffset SyncedAt, bool DryRun);

/// <summary>A credential that was not known.</summary>
public sealed record NewlySynced(string Name, string? Id);

/// <summary>A credential that changed.</summary>
public sealed record ChangedBySync(string Name, IReadOnlyList<string> Changes);
