namespace Aegis.Sdk.Audit;

/// <summary>The tamper-evident log of every call and event.</summary>
public sealed class AuditApi
{
    private const int FullTile = 256;
    private const int Thousand = 1000;
    private readonly Caller caller;

    internal AuditApi(Caller caller) => this.caller = caller;

    /// <summary>All entries that match, newest first.</summary>
    public IAsyncEnumerable<AuditEntry> ListAsync(AuditFilter? filter = null, CancellationToken cancellationToken = default) =>
        Page<AuditEntry>.WalkAsync((cursor, ct) => ListPageAsync(filter, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One page of the list.</summary>
    public Task<Page<AuditEntry>> ListPageAsync(
        AuditFilter? filter = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) =>
            caller.GetAsync(
        Filtered("v1/audit", filter).With("limit", limit).With("cursor", cursor).ToString(), CamelCaseJson.Default.PageAuditEntry,
        cancellationToken);

    /// <summary>
    /// All entries that match, oldest first, as one stream of any length. After a broken connection the stream continues after the last
    /// entry received.
    /// </summary>
    /// <param name="filter">Selects entries.</param>
    /// <param name="after">Begin after the entry with this id, such as the last one of an earlier export.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<AuditEntry> ExportAsync(
        AuditFilter? filter = null, string? after = null, CancellationToken cancellationToken = default) =>
        new AuditExport(caller, filter).ReadAsync(after, cancellationToken);

    /// <summary>Proves that an entry is in the log.</summary>
    /// <param name="id">log_….</param>
    /// <param name="since">Size of a checkpoint that you kept. The answer then also proves that nothing before it changed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<AuditProof> GetProofAsync(string id, long? since = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query($"v1/audit/{Query.Segment(id)}/proof").With("since", since?.ToString(CultureInfo.InvariantCulture)).ToString(),
        CamelCaseJson.Default.AuditProof, cancellationToken);

    /// <summary>The newest checkpoint: a signed note with the log's size and root.</summary>
    public Task<string> GetCheckpointAsync(CancellationToken cancellationToken = default) =>
        caller.TextAsync("v1/audit/tlog/checkpoint", cancellationToken);

    /// <summary>Hashes of one level of the tree (C2SP tlog-tiles), 32 bytes each.</summary>
    /// <param name="level">0 for the leaves; each level covers 256 times as many.</param>
    /// <param name="number">The tile's number within the level.</param>
    /// <param name="width">How many hashes; 256 is a full tile.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<byte[]> GetTileAsync(int level, long number, int width = FullTile, CancellationToken cancellationToken = default) =>
        caller.BytesAsync($"v1/audit/tlog/tile/{level.ToString(CultureInfo.InvariantCulture)}/{Tile(number, width)}", cancellationToken);

    /// <summary>Data of up to 256 leaves. Each is preceded by its length in 16 bits.</summary>
    /// <param name="number">The bundle's number.</param>
    /// <param name="width">How many leaves; 256 is a full bundle.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<byte[]> GetLeavesAsync(long number, int width = FullTile, CancellationToken cancellationToken = default) =>
        caller.BytesAsync($"v1/audit/tlog/tile/entries/{Tile(number, width)}", cancellationToken);

    /// <summary>All keys that ever signed a checkpoint, a certificate or a receipt. No key is needed.</summary>
    public Task<EvidenceKeys> GetEvidenceKeysAsync(CancellationToken cancellationToken = default) => caller.ReadAsync(
        new Call(HttpMethod.Get, ".well-known/aegis-evidence-keys") { IsAnonymous = true }, CamelCaseJson.Default.EvidenceKeys,
        cancellationToken);

    internal static Query Filtered(string path, AuditFilter? filter) =>
        new Query(path).With("actor", filter?.Actor).With("action", filter?.Action).With("object", filter?.Object)
            .With("outcome", filter?.Outcome)
            .With("kind", filter?.Kind).With("from", filter?.From).With("to", filter?.To);

    /// <summary>1234067 is <c>x001/x234/067</c>. A partial tile has its width after that.</summary>
    private static string Tile(long number, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, FullTile);
        var path = (number % Thousand).ToString("D3", CultureInfo.InvariantCulture);
        for (var rest = number / Thousand; rest > 0; rest /= Thousand)
            path = $"x{(rest % Thousand).ToString("D3", CultureInfo.InvariantCulture)}/{path}";
        return width == FullTile ? path : string.Create(CultureInfo.InvariantCulture, $"{path}.p/{width}");
    }
}

/// <summary>Selects audit entries.</summary>
public sealed record AuditFilter
{
    /// <summary>Who acted.</summary>
    public string? Actor { get; init; }

    /// <summary>What happened, such as <c>transfer.opened</c> or <c>transfer.*</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The id of the object.</summary>
    public string? Object { get; init; }

    /// <summary><c>success</c>, <c>refused</c> or <c>failed</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary><c>call</c> or <c>event</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One entry.</summary>
/// <param name="Id">log_….</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind"><c>call</c> or <c>event</c>.</param>
/// <param name="Action">What happened.</param>
/// <param name="Object">The id of the object.</param>
/// <param name="Outcome"><c>success</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Code">The error code of a refusal.</param>
/// <param name="Organization">The organization that the entry belongs to.</param>
/// <param name="Actor">Who acted; null for the other party of a transfer.</param>
/// <param name="Details">Further facts.</param>
public sealed record AuditEntry(
    string Id, DateTimeOffset At, string Kind, string Action, string? Object, string Outcome, string? Code, string? Organization,
    AuditActor? Actor, JsonElement? Details);

/// <summary>Who acted.</summary>
public sealed record AuditActor(string Organization, string Subject, string Name, string? KeyId, string? Address, string? RequestId);
