namespace Aegis.Sdk.Webhooks;

/// <summary>Events in the order in which they happened, for those who cannot be called.</summary>
public sealed class EventsApi
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(25); // shorter than what proxies usually allow
    private readonly Caller caller;

    internal EventsApi(Caller caller) => this.caller = caller;

    /// <summary>Events after a cursor; waits for one when there is none.</summary>
    /// <param name="cursor">The cursor of the answer before; the oldest event that is kept unless told.</param>
    /// <param name="wait">How long to wait, at most a minute.</param>
    /// <param name="limit">At most so many events.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<EventPage> ReadAsync(
        string? cursor = null, TimeSpan wait = default, int? limit = null, CancellationToken cancellationToken = default) =>
            caller.GetAsync(
        new Query("v1/events").With("cursor", cursor).With("wait", ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            .With("limit", limit).ToString(),
        CamelCaseJson.Default.EventPage, cancellationToken);

    /// <summary>A cursor that stands behind everything that has happened so far.</summary>
    public async Task<string?> GetEndAsync(CancellationToken cancellationToken = default)
    {
        const int most = 200;
        string? cursor = null;
        while (true)
        {
            var page = await ReadAsync(cursor, limit: most, cancellationToken: cancellationToken).ConfigureAwait(false);
            cursor = page.NextCursor;
            if (page.Items.Count < most) return cursor;
        }
    }

    /// <summary>
    /// Events as they happen, without end. Each comes once; keep the cursor of the page that is done and go on with it after a restart.
    /// </summary>
    /// <param name="cursor">Where to begin: <see cref="GetEndAsync"/>, or the cursor that was kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
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
/// <param name="NextCursor">Leads to what comes after.</param>
public sealed record EventPage(IReadOnlyList<AegisEvent> Items, string NextCursor);

/// <summary>One event.</summary>
/// <param name="Id">evt_…: the same wherever it arrives, so that what came twice is seen.</param>
/// <param name="Type">Its name, such as <c>transfer.ready</c>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">What it is about.</param>
public sealed record AegisEvent(string Id, string Type, DateTimeOffset Timestamp, JsonElement Data);
