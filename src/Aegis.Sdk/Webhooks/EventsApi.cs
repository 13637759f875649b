namespace Aegis.Sdk.Webhooks;

/// <summary>Events in the order in which they happened, for programs that cannot receive webhooks.</summary>
public sealed class EventsApi
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(25); // shorter than what proxies usually allow
    private readonly Caller caller;

    internal EventsApi(Caller caller) => this.caller = caller;

    /// <summary>Events after a cursor. Waits when there are none.</summary>
    /// <param name="cursor">The cursor of the previous answer; default the oldest stored event.</param>
    /// <param name="wait">How long to wait; at most one minute.</param>
    /// <param name="limit">Maximum number of events.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<EventPage> ReadAsync(
        string? cursor = null, TimeSpan wait = default, int? limit = null, CancellationToken cancellationToken = default) =>
            caller.GetAsync(
        new Query("v1/events").With("cursor", cursor).With("wait", ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .With("limit", limit).ToString(),
        CamelCaseJson.Default.EventPage, cancellationToken);

    /// <summary>A cursor after all events so far.</summary>
    public async Task<string?> GetEndAsync(CancellationToken cancellationToken = default)
    {
        const int max = 200;
        string? cursor = null;
        while (true)
        {
            var page = await ReadAsync(cursor, limit: max, cancellationToken: cancellationToken).ConfigureAwait(false);
            cursor = page.NextCursor;
            if (page.Items.Count < max) return cursor;
        }
    }

    /// <summary>
    /// Events as they happen, without end. Each event comes once. Keep the cursor of the last processed page and continue with it after a
    /// restart.
    /// </summary>
    /// <param name="cursor">Where to start: <see cref="GetEndAsync"/>, or the cursor you kept.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    public async IAsyncEnumerable<EventPage> ListenAsync(
        string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await ReadAsync(cursor, Wait, cancellationToken: cancellationToken).ConfigureAwait(false);
            cursor = page.NextCursor;
            if (page.Items.Count > 0) yield return page;
        }
    }
}

/// <summary>Events in order.</summary>
/// <param name="Items">The events.</param>
/// <param name="NextCursor">The cursor after these events.</param>
public sealed record EventPage(IReadOnlyList<AegisEvent> Items, string NextCursor);

/// <summary>One event.</summary>
/// <param name="Id">evt_…: the same on every delivery, so that duplicates can be recognised.</param>
/// <param name="Type">The event type, such as <c>transfer.ready</c>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The event's data.</param>
public sealed record AegisEvent(string Id, string Type, DateTimeOffset Timestamp, JsonElement Data);
