namespace Aegis.Sdk.Vault;

/// <summary>Providers, connections, sync, schedule and log of the vault.</summary>
public sealed class VaultApi
{
    private readonly Caller caller;

    internal VaultApi(Caller caller) => this.caller = caller;

    /// <summary>Providers, with the JSON schemas of their configuration.</summary>
    public Task<ProviderCatalogue> GetProvidersAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/vault/providers", SnakeCaseJson.Default.ProviderCatalogue, cancellationToken);

    /// <summary>The kinds of connections, and which of them your organization has configured.</summary>
    public Task<ConnectionList> ListConnectionsAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/vault/connections", SnakeCaseJson.Default.ConnectionList, cancellationToken);

    /// <summary>One connection, without secrets.</summary>
    public Task<VaultConnection> GetConnectionAsync(string kind, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/vault/connections/{Query.Segment(kind)}", SnakeCaseJson.Default.VaultConnection, cancellationToken);

    /// <summary>Configures a connection.</summary>
    public Task<VaultConnection> SetConnectionAsync(
        string kind, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PutAsync(
        $"v1/vault/connections/{Query.Segment(kind)}", JsonBody.Of(new SetConnection(config), SnakeCaseJson.Default.SetConnection),
        SnakeCaseJson.Default.VaultConnection, cancellationToken, ifMatch);

    /// <summary>Changes members of a connection and leaves the others; null removes a member (RFC 7396).</summary>
    public Task<VaultConnection> ChangeConnectionAsync(
        string kind, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        $"v1/vault/connections/{Query.Segment(kind)}", JsonBody.Of(new SetConnection(config), SnakeCaseJson.Default.SetConnection),
        SnakeCaseJson.Default.VaultConnection, cancellationToken, ifMatch);

    /// <summary>Removes a connection.</summary>
    public Task RemoveConnectionAsync(string kind, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/vault/connections/{Query.Segment(kind)}", cancellationToken, ifMatch);

    /// <summary>Copies the list of credentials from n8n.</summary>
    public Task<SyncedCredentials> SyncN8nAsync(
        bool dryRun = false, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        new Query("v1/sync/n8n").With("dryRun", dryRun ? "true" : null).ToString(), null, SnakeCaseJson.Default.SyncedCredentials,
        cancellationToken, isRepeatable: true);

    /// <summary>The credentials in n8n, as of the last sync.</summary>
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
    /// Searches n8n's workflows for values of the vault in plain text. A long search stops early; continue it with its cursor.
    /// </summary>
    public Task<N8nScan> ScanN8nAsync(string? cursor = null, CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync(new Query("v1/sync/n8n/scan").With("cursor", cursor).ToString(), null, SnakeCaseJson.Default.N8nScan,
            cancellationToken, isRepeatable: true);

    /// <summary>Upcoming and overdue rotations.</summary>
    public Task<RotationSchedule> GetScheduleAsync(int? limit = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/rotation/schedule").With("limit", limit).ToString(), SnakeCaseJson.Default.RotationSchedule,
            cancellationToken);

    /// <summary>Who used or changed which credential, newest first.</summary>
    public Task<VaultLog> GetLogAsync(
        VaultLogFilter? filter = null, int? limit = null, int? offset = null, CancellationToken cancellationToken = default) =>
            caller.GetAsync(
        new Query("v1/audit/log").With("credential_name", filter?.CredentialName).With("action", filter?.Action)
            .With("actor", filter?.Actor).With("on_behalf_of", filter?.OnBehalfOf)
            .With("start_date", filter?.From).With("end_date", filter?.To).With("limit", limit).With("offset", offset).ToString(),
        SnakeCaseJson.Default.VaultLog, cancellationToken);
}

/// <summary>Selects entries of the vault's log.</summary>
public sealed record VaultLogFilter
{
    /// <summary>The name of the credential.</summary>
    public string? CredentialName { get; init; }

    /// <summary>
    /// <c>created</c>, <c>updated</c>, <c>value_read</c>, <c>value_set</c>, <c>applied</c>, <c>rotated</c>, <c>rolled_back</c>,
    /// <c>tested</c>, <c>synced</c>, <c>retired</c> or <c>restored</c>.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>Who acted.</summary>
    public string? Actor { get; init; }

    /// <summary>For whom the caller said it acted.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>Entries of the vault's log. <c>Total</c> counts all that match.</summary>
public sealed record VaultLog(IReadOnlyList<VaultLogEntry> Log, int Total);

/// <summary>One entry of the vault's log.</summary>
public sealed record VaultLogEntry(
    string Id, DateTimeOffset Timestamp, string CredentialName, string Action, string Actor, string? OnBehalfOf, string? Target,
    bool Success);

/// <summary>Providers, and the kinds of connections they need.</summary>
public sealed record ProviderCatalogue(IReadOnlyList<ProviderDescription> Providers, IReadOnlyList<ConnectionDescription> Connections);

/// <summary>A provider. <c>ProviderConfig</c> is the JSON schema of its configuration.</summary>
public sealed record ProviderDescription(
    string Name, string? Connection, bool RotatesWithoutConfig, bool TestsWithoutConfig, JsonObject? ProviderConfig);

/// <summary>A kind of connection. <c>Config</c> is its JSON schema.</summary>
public sealed record ConnectionDescription(string Kind, JsonObject? Config);

/// <summary>The kinds of connections, and which are configured.</summary>
public sealed record ConnectionList(IReadOnlyList<ConnectionState> Connections);

/// <summary>Whether a connection is configured.</summary>
public sealed record ConnectionState(string Kind, bool IsSet, DateTimeOffset? UpdatedAt);

/// <summary>A connection, without secrets.</summary>
public sealed record VaultConnection(
    string Kind, JsonObject Config, IReadOnlyList<string> SecretMembers, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt) : Revised;

internal sealed record SetConnection(JsonObject Config)
{
    public override string ToString() => "***";
}

/// <summary>The result of a sync.</summary>
public sealed record SyncedCredentials(
    int Synced, IReadOnlyList<NewlySynced> New, IReadOnlyList<ChangedBySync> Updated, DateTimeOffset SyncedAt, bool DryRun);

/// <summary>A credential that was new.</summary>
public sealed record NewlySynced(string Name, string? Id);

/// <summary>A credential that changed.</summary>
public sealed record ChangedBySync(string Name, IReadOnlyList<string> Changes);
