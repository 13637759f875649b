namespace Aegis.Sdk.Vault;

/// <summary>Credentials: register, read, rotate, roll back, test and apply them.</summary>
/// <remarks>
/// <see cref="VaultApi"/> has what surrounds credentials: providers, connections, sync and log. <see cref="HealthApi"/> tests them. Each
/// method makes one call and throws an <see cref="Failures.AegisException"/> when the host refuses it. A rotation may outlast its call;
/// then its answer names a <see cref="RotationEntry"/> to follow.
/// </remarks>
public sealed class CredentialsApi
{
    private const int PageSize = 100;
    private readonly Caller caller;

    internal CredentialsApi(Caller caller) => this.caller = caller;

    /// <summary>All credentials that match. Retired ones are listed only with <paramref name="status"/> <c>retired</c>.</summary>
    public async IAsyncEnumerable<CredentialItem> ListAsync(
        string? status = null, string? provider = null, string? type = null, string? tag = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? cursor = null; ;)
        {
            var page = await ListPageAsync(status, provider, type, tag, PageSize, cursor: cursor, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page.Credentials) yield return item;
            if ((cursor = page.NextCursor) is null) yield break;
        }
    }

    /// <summary>One page of the list, with the totals of the whole list.</summary>
    public Task<CredentialList> ListPageAsync(
        string? status = null, string? provider = null, string? type = null, string? tag = null, int? limit = null, int? offset = null,
        string? cursor = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(
            new Query("v1/credentials").With("status", status).With("provider", provider).With("type", type).With("tag", tag)
                .With("limit", limit).With("offset", offset).With("cursor", cursor).ToString(),
            SnakeCaseJson.Default.CredentialList, cancellationToken);

    /// <summary>Registers a credential.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<CreatedCredential> CreateAsync(
        CreateCredential credential, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/credentials", JsonBody.Of(credential, SnakeCaseJson.Default.CreateCredential), SnakeCaseJson.Default.CreatedCredential,
        cancellationToken, idempotencyKey);

    /// <summary>One credential, without its value.</summary>
    public Task<Credential> GetAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(name), SnakeCaseJson.Default.Credential, cancellationToken);

    /// <summary>Changes the members set in <paramref name="changes"/> and leaves the others.</summary>
    /// <param name="name">The credential.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="ifMatch">The ETag of what you read; another state is refused.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<UpdatedCredential> UpdateAsync(
        string name, CredentialChanges changes, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        Path(name), JsonBody.Of(changes.Sent, SnakeCaseJson.Default.JsonObject), SnakeCaseJson.Default.UpdatedCredential,
        cancellationToken, ifMatch);

    /// <summary>Retires a credential. Its name stays taken.</summary>
    public Task<RetiredCredential> RetireAsync(string name, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync(Path(name), SnakeCaseJson.Default.RetiredCredential, cancellationToken);

    /// <summary>Restores a retired credential. Its rotation and its copies are switched off.</summary>
    /// <param name="name">The credential.</param>
    /// <param name="value">A new value. By default the last value is used again, unless it was reported as leaked.</param>
    /// <param name="ifMatch">The ETag of what you read; another state is refused.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<RestoredCredential> RestoreAsync(
        string name, string? value = null, string? ifMatch = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(name)}/restore", value is null ? null : JsonBody.Of(new RestoreCredential(value), SnakeCaseJson.Default.RestoreCredential),
        SnakeCaseJson.Default.RestoredCredential, cancellationToken, idempotencyKey, ifMatch);

    /// <summary>Reads the value. This is audited and counted.</summary>
    /// <param name="name">The credential.</param>
    /// <param name="version">An earlier version; default the current one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<CredentialValue> GetValueAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query($"{Path(name)}/value").With("version", version).ToString(), SnakeCaseJson.Default.CredentialValue,
            cancellationToken);

    /// <summary>
    /// Sets a value manually, as a new version. After a broken connection it is not repeated, because that would add a second one.
    /// </summary>
    /// <param name="name">The credential.</param>
    /// <param name="value">The secret.</param>
    /// <param name="reason">A note for people.</param>
    /// <param name="ifMatch">The ETag of what you read; another state is refused.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<CredentialValueSet> SetValueAsync(
        string name, string value, string? reason = null, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.ReadAsync(
            new Call(HttpMethod.Put, $"{Path(name)}/value",
                JsonBody.Of(new SetCredentialValue(value, reason), SnakeCaseJson.Default.SetCredentialValue))
            {
                IfMatch = ifMatch,
                IsUnrepeatable = true,
            },
            SnakeCaseJson.Default.CredentialValueSet, cancellationToken);

    /// <summary>The provider's configuration, without secrets.</summary>
    public Task<CredentialProviderConfig> GetProviderConfigAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(name)}/provider-config", SnakeCaseJson.Default.CredentialProviderConfig, cancellationToken);

    /// <summary>
    /// Replaces the value by a new one, at the provider too. A rotation that takes longer than the call continues on the host. Follow it
    /// with <see cref="ListRotationsAsync"/>.
    /// </summary>
    /// <param name="name">The credential.</param>
    /// <param name="trigger"><c>manual</c> or <c>emergency</c>.</param>
    /// <param name="reason">A note for people.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<CredentialRotation> RotateAsync(
        string name, string trigger = "manual", string? reason = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(name)}/rotate", JsonBody.Of(new RotateCredential(trigger, reason), SnakeCaseJson.Default.RotateCredential),
        SnakeCaseJson.Default.CredentialRotation, cancellationToken, idempotencyKey);

    /// <summary>Uses an earlier value again.</summary>
    public Task<RolledBackCredential> RollBackAsync(
        string name, int version, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(name)}/rollback", JsonBody.Of(new RollBackCredential(version), SnakeCaseJson.Default.RollBackCredential),
        SnakeCaseJson.Default.RolledBackCredential, cancellationToken, idempotencyKey);

    /// <summary>Rotations and rollbacks, newest first.</summary>
    public IAsyncEnumerable<RotationEntry> ListRotationsAsync(
        string name, CancellationToken cancellationToken = default) => Page<RotationEntry>.WalkAsync(
        async (cursor, ct) =>
        {
            var page = await caller.GetAsync(new Query($"{Path(name)}/rotations").With("cursor", cursor).ToString(),
                SnakeCaseJson.Default.RotationPage, ct).ConfigureAwait(false);
            return new Page<RotationEntry>(page.Items, page.NextCursor);
        },
        cancellationToken);

    /// <summary>One rotation or rollback.</summary>
    public Task<RotationEntry> GetRotationAsync(string name, string rotation, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(name)}/rotations/{Query.Segment(rotation)}", SnakeCaseJson.Default.RotationEntry, cancellationToken);

    /// <summary>How the copy in n8n is kept up to date.</summary>
    public Task<N8nCopy> GetN8nCopyAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(name)}/n8n-copy", SnakeCaseJson.Default.N8nCopy, cancellationToken);

    /// <summary>Keeps a copy in n8n up to date from now on.</summary>
    public Task<N8nCopy> KeepN8nCopyAsync(
        string name, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PutAsync(
        $"{Path(name)}/n8n-copy", JsonBody.Of(new KeepN8nCopy(config), SnakeCaseJson.Default.KeepN8nCopy), SnakeCaseJson.Default.N8nCopy,
        cancellationToken, ifMatch);

    /// <summary>Changes members of the copy's configuration and leaves the others; null removes a member (RFC 7396).</summary>
    public Task<N8nCopy> ChangeN8nCopyAsync(
        string name, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        $"{Path(name)}/n8n-copy", JsonBody.Of(new KeepN8nCopy(config), SnakeCaseJson.Default.KeepN8nCopy), SnakeCaseJson.Default.N8nCopy,
        cancellationToken, ifMatch);

    /// <summary>Stops updating the copy in n8n.</summary>
    public Task LeaveN8nCopyAsync(string name, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"{Path(name)}/n8n-copy", cancellationToken);

    /// <summary>Tests a credential at its provider.</summary>
    public Task<TestedCredential> TestAsync(string name, CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync($"{Path(name)}/test", null, SnakeCaseJson.Default.TestedCredential, cancellationToken, isRepeatable: true);

    /// <summary>Lets a node of an n8n workflow use a credential.</summary>
    public Task<AppliedCredential> ApplyAsync(
        string name, string workflowId, string nodeName, string? requestedBy = null, CancellationToken cancellationToken = default) =>
            caller.PostPlainAsync(
        $"{Path(name)}/apply", JsonBody.Of(new ApplyCredential(workflowId, nodeName, requestedBy), SnakeCaseJson.Default.ApplyCredential),
        SnakeCaseJson.Default.AppliedCredential, cancellationToken);

    /// <summary>Checks whether a leaked value is or was stored in the vault.</summary>
    public Task<LeakMatches> SearchLeakAsync(string value, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        "v1/credentials/search-leak", JsonBody.Of(new SearchLeak(value), SnakeCaseJson.Default.SearchLeak),
        SnakeCaseJson.Default.LeakMatches, cancellationToken, isRepeatable: true);

    private static string Path(string name) => $"v1/credentials/{Query.Segment(name)}";
}

internal sealed record SearchLeak(string Value)
{
    public override string ToString() => "***";
}

/// <summary>Where a value is or was in use.</summary>
public sealed record LeakMatches(IReadOnlyList<LeakMatch> Matches);

/// <summary>A version that has the value.</summary>
public sealed record LeakMatch(string Credential, string Id, int Version, bool Current, string Status, DateTimeOffset? EndedAt);
