namespace Aegis.Sdk.Audit;

/// <summary>Reads the log as one stream and reconnects when the connection breaks.</summary>
internal sealed class AuditExport(Caller caller, AuditFilter? filter)
{
    private const int MaxBreaks = 8; // consecutive breaks without an entry between them
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<AuditEntry> ReadAsync(string? after, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var breaks = 0; ; breaks++)
        {
            using var response = await caller.SendAsync(new Call(HttpMethod.Get, Address(after)) { IsStreamed = true }, ct)
                .ConfigureAwait(false);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false));
            Exception? broken = null;
            while (true)
            {
                string? line;
                try
                {
                    line = await lines.ReadLineAsync(ct).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or HttpRequestException)
                {
                    broken = e;
                    break;
                }

                if (line is null) yield break;
                if (Parse(line) is not { } entry) continue;
                (after, breaks) = (entry.Id, 0);
                yield return entry;
            }

            if (breaks >= MaxBreaks) throw new AegisUnreachableException(caller.BaseAddress, broken);
            await Task.Delay(Pause, caller.Clock, ct).ConfigureAwait(false);
        }
    }

    private static AuditEntry? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, CamelCaseJson.Default.AuditEntry);
        }
        catch (JsonException e)
        {
            throw new AegisProtocolException("A line of the export is not an entry. Check that the address is an Aegis host.", e);
        }
    }

    private string Address(string? after) => AuditApi.Filtered("v1/audit/export", filter).With("after", after).ToString();
}
