namespace Aegis.Sdk.Vault;

/// <summary>Credentials: kept, given out, rotated, rolled back, tried and applied.</summary>
public sealed class CredentialsApi
{
    private const int PageSize = 100;
    private readonly Caller caller;

    internal CredentialsApi(Caller caller) => this.caller = caller;

    /// <summary>All credentials that match; without <paramref name="status"/> <c>retired</c> those in use.</summary>
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

    /// <summary>One part of the list, with the numbers of the whole.</summary>
    public Task<CredentialList> ListPageAsync(
        string? status = null, string? provider = null, string? type = null, string? tag = null, int? limit = null, int? offset = null,
        string? cursor = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(
            new Query("v1/credentials").With("status", status).With("provider", provider).With("type", type).With("tag", tag)
                .With("limit", limit).With("offset", offset).With("cursor", cursor).ToString(),
            SnakeCaseJson.Default.CredentialList, cancellationToken);

    /// <summary>Registers a credential.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<CreatedCredential> CreateAsync(
        CreateCredential credential, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/credentials", JsonBody.Of(credential, SnakeCaseJson.Default.CreateCredential), SnakeCaseJson.Default.CreatedCredential,
        cancellationToken, idempotencyKey);

    /// <summary>One credential, without its value.</summary>
    public Task<Credential> GetAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(name), SnakeCaseJson.Default.Credential, cancellationToken);

    /// <summary>Changes what is set in <paramref name="changes"/> and leaves the rest.</summary>
    /// <param name="name">Which.</param>
    /// <param name="changes">What to change.</param>
    /// <param name="ifMatch">The ETag of what was read; another state is refused.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<UpdatedCredential> UpdateAsync(
        string name, CredentialChanges changes, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        Path(name), JsonBody.Of(changes.Sent, SnakeCaseJson.Default.JsonObject), SnakeCaseJson.Default.UpdatedCredential,
        cancellationToken, ifMatch);

    /// <summary>Uses a credential no more. Its name stays taken.</summary>
    public Task<RetiredCredential> RetireAsync(string name, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync(Path(name), SnakeCaseJson.Default.RetiredCredential, cancellationToken);

    /// <summary>Brings a retired credential back, with its rotation and its copies off.</summary>
    /// <param name="name">Which.</param>
    /// <param name="value">A new value; without it the one that was in use comes back, unless it was reported as leaked.</param>
    /// <param name="ifMatch">The ETag of what was read; another state is refused.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<RestoredCredential> RestoreAsync(
        string name, string? value = null, string? ifMatch = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(name)}/restore", value is null ? null : JsonBody.Of(new RestoreCredential(value), SnakeCaseJson.Default.RestoreCredential),
        SnakeCaseJson.Default.RestoredCredential, cancellationToken, idempotencyKey, ifMatch);

    /// <summary>Gives the value out. That is audited and counted.</summary>
    /// <param name="name">Which.</param>
    /// <param name="version">An earlier version; the one in use unless told.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<CredentialValue> GetValueAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query($"{Path(name)}/value").With("version", version).ToString(), SnakeCaseJson.Default.CredentialValue,
            cancellationToken);

    /// <summary>
    /// Sets a value by hand, as a new version. It is not repeated after a broken connection: a second version would come of it.
    /// </summary>
    /// <param name="name">Which.</param>
    /// <param name="value">The secret.</param>
    /// <param name="reason">For people.</param>
    /// <param name="ifMatch">The ETag of what was read.</param>
    /// <param name="cancellationToken">Stops.</param>
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

    /// <summary>What its provider needs to know, without secrets.</summary>
    public Task<CredentialProviderConfig> GetProviderConfigAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(name)}/provider-config", SnakeCaseJson.Default.CredentialProviderConfig, cancellationToken);

    /// <summary>
    /// Puts a new value in the old one's place, at the provider too. One that takes longer than the call goes on by itself: look with
    /// <see cref="ListRotationsAsync"/>.
    /// </summary>
    /// <param name="name">Which.</param>
    /// <param name="trigger"><c>manual</c> or <c>emergency</c>.</param>
    /// <param name="reason">For people.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<CredentialRotation> RotateAsync(
        string name, string trigger = "manual", string? reason = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(name)}/rotate", JsonBody.Of(new RotateCredential(trigger, reason), SnakeCaseJson.Default.RotateCredential),
        SnakeCaseJson.Default.CredentialRotation, cancellationToken, idempotencyKey);

    /// <summary>Puts an earlier value back in use.</summary>
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

    /// <summary>How the copy in n8n is kept.</summary>
    public Task<N8nCopy> GetN8nCopyAsync(string name, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"{Path(name)}/n8n-copy", SnakeCaseJson.Default.N8nCopy, cancellationToken);

    /// <summary>Keeps the copy in n8n up to date from now on.</summary>
    public Task<N8nCopy> KeepN8nCopyAsync(
        string name, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PutAsync(
        $"{Path(name)}/n8n-copy", JsonBody.Of(new KeepN8nCopy(config), SnakeCaseJson.Default.KeepN8nCopy), SnakeCaseJson.Default.N8nCopy,
        cancellationToken, ifMatch);

    /// <summary>Changes members of how the copy in n8n is kept and leaves the others; null removes a member (RFC 7396).</summary>
    public Task<N8nCopy> ChangeN8nCopyAsync(
        string name, JsonObject config, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        $"{Path(name)}/n8n-copy", JsonBody.Of(new KeepN8nCopy(config), SnakeCaseJson.Default.KeepN8nCopy), SnakeCaseJson.Default.N8nCopy,
        cancellationToken, ifMatch);

    /// <summary>Leaves the copy in n8n as it is.</summary>
    public Task LeaveN8nCopyAsync(string name, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"{Path(name)}/n8n-copy", cancellationToken);

    /// <summary>Tries a credential at its provider.</summary>
    public Task<TestedCredential> TestAsync(string name, CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync($"{Path(name)}/test", null, SnakeCaseJson.Default.TestedCredential, cancellationToken, isRepeatable: true);

    /// <summary>Lets a node of an n8n workflow use a credential.</summary>
    public Task<AppliedCredential> ApplyAsync(
        string name, string workflowId, string nodeName, string? requestedBy = null, CancellationToken cancellationToken = default) =>
            caller.PostPlainAsync(
        $"{Path(name)}/apply", JsonBody.Of(new ApplyCredential(workflowId, nodeName, requestedBy), SnakeCaseJson.Default.ApplyCredential),
        SnakeCaseJson.Default.AppliedCredential, cancellationToken);

    /// <summary>Finds out whether a value that turned up somewhere is, or was, one of the vault's.</summary>
    public Task<LeakMatches> SearchLeakAsync(string value, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        "v1/credentials/search-leak", JsonBody.Of(new SearchLeak(value), SnakeCaseJson.Default.SearchLeak),
        SnakeCaseJson.Default.LeakMatches, cancellationToken, isRepeatable: true);

    private static string Path(string name) => $"v1/credentials/{Query.Segment(name)}";
}

internal sealed record SearchLeak(string Value)
{
    public override string ToString() => "***";
}

/// <summary>Where a value is, or was, in use.</summary>
public sealed record LeakMatches(IReadOnlyList<LeakMatch> Matches);

/// <summary>A version that has the value.</summary>
public sealed record LeakMatch(string Credential, string Id, int Version, bool Current, string Status, DateTimeOffset? EndedAt);
