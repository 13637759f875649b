using System.Text.Json;
using Aegis.Sdk.Calls;

namespace Aegis.Sdk.Audit;

/// <summary>The tamper-evident log of every call and event.</summary>
public sealed class AuditApi
{
    private readonly Caller caller;

    internal AuditApi(Caller caller) => this.caller = caller;

    /// <summary>All entries that match, newest first.</summary>
    public IAsyncEnumerable<AuditEntry> ListAsync(AuditFilter? filter = null, CancellationToken cancellationToken = default) =>
        Page<AuditEntry>.WalkAsync((cursor, ct) => ListPageAsync(filter, cursor, cancellationToken: ct), cancellationToken);

    /// <summary>One part of the list.</summary>
    public Task<Page<AuditEntry>> ListPageAsync(AuditFilter? filter = null, string? cursor = null, int? limit = null, CancellationToken cancellationToken = default) => caller.GetAsync(
        new Query("v1/audit").With("actor", filter?.Actor).With("action", filter?.Action).With("object", filter?.Object).With("outcome", filter?.Outcome)
            .With("kind", filter?.Kind).With("from", filter?.From).With("to", filter?.To).With("limit", limit).With("cursor", cursor).ToString(),
        CamelCaseJson.Default.PageAuditEntry, cancellationToken);
}

/// <summary>Which entries.</summary>
public sealed record AuditFilter
{
    /// <summary>By whom.</summary>
    public string? Actor { get; init; }

    /// <summary>What happened, such as <c>transfer.opened</c>.</summary>
    public string? Action { get; init; }

    /// <summary>To what: an id.</summary>
    public string? Object { get; init; }

    /// <summary>How it ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>Calls or events.</summary>
    public string? Kind { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One entry.</summary>
/// <param name="Id">log_….</param>
/// <param name="At">When.</param>
/// <param name="Kind">Call or event.</param>
/// <param name="Action">What happened.</param>
/// <param name="Object">To what.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">Why it was refused.</param>
/// <param name="Organization">Whose it is.</param>
/// <param name="Actor">By whom; the other party of a transfer does not see it.</param>
/// <param name="Details">More of it.</param>
public sealed record AuditEntry(
    string Id, DateTimeOffset At, string Kind, string Action, string? Object, string Outcome, string? Code, string? Organization, AuditActor? Actor, JsonElement? Details);

/// <summary>Who did it.</summary>
public sealed record AuditActor(string Organization, string Subject, string Name, string? KeyId, string? Address, string? RequestId);
