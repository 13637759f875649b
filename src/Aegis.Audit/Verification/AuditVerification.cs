namespace Aegis.Audit.Verification;

/// <summary>
/// <c>audit verify</c>: reports whether the stored log was changed, as text and as an exit code. <see cref="LogVerification"/> reads the
/// log with <see cref="StoredLog"/> and computes every hash again. <see cref="SignedHistory"/> compares the roots with the signed
/// checkpoints of database and file, and <see cref="OwnerCheck"/> compares the rows that lists use with the entries. The first difference
/// is thrown as a <see cref="TamperedException"/>. If the database or the file cannot be read, the result is unknown, never intact.
/// </summary>
internal sealed class AuditVerification(AuditDb db, BulkDatabase database, CheckpointFile own, TimeProvider clock)
{
    private const int Intact = 0;
    private const int Tampered = 1;
    private const int Unknown = 3;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private long shown;

    /// <param name="copy">Path of a copy of the checkpoint file; null for the configured file.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task<int> Run(string? copy, TextWriter output, TextWriter progress, CancellationToken ct)
    {
        var file = copy is null ? own : new CheckpointFile(Path.GetFullPath(copy));
        if (copy is not null && !file.Exists)
        {
            await output.WriteLineAsync($"The file '{file.Path}' does not exist.");
            return Unknown;
        }

        try
        {
            return await Verify(file, isOwn: copy is null, output, progress, ct);
        }
        catch (TamperedException e)
        {
            await output.WriteLineAsync($"NOT SOUND. {e.Message}");
            return Tampered;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"Not verified: the database or the checkpoint file cannot be read ({e.Message})");
            return Unknown;
        }
    }

    private async Task<int> Verify(CheckpointFile file, bool isOwn, TextWriter output, TextWriter progress, CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        var stored = new StoredLog(database, connection);
        var head = await stored.Head(ct);
        var keys = (await db.EvidenceKeys.AsNoTracking().OrderByDescending(k => k.Number).ToListAsync(ct)).ConvertAll(k => k.Verifier);
        if (head is null && await stored.Range(ct) is not null) throw new TamperedException("The head of the log was removed.");
        if (keys.Count == 0 && (head?.Checkpoint is not null || file.Exists))
            throw new TamperedException("There are checkpoints, but the keys that signed them were removed.");
        head ??= new StoredHead(0, 0, 0, null);

        using var history = new SignedHistory(file.Exists ? file : null, head.Checkpoint, keys);
        var log = new LogVerification(stored, history, (done, all) => Show(progress, done, all));
        shown = clock.GetTimestamp();
        await log.Run(head, ct);
        if (head.Checkpoint is null && file.Exists && history.Good > 0)
            throw new TamperedException("The database's newest checkpoint was removed.");
        if (isOwn && head.Checkpoint is { } newest && Checkpoint.Parse(newest)!.Size > history.LastOfFile)
        {
            throw new TamperedException(string.Create(CultureInfo.InvariantCulture,
                $"The checkpoint of {Checkpoint.Parse(newest)!.Size} entries is in the database but not in {file.Path}: it was removed or "
                    + $"could not be written (log event 5022)."));
        }

        return await Report(log, history, head, file, output);
    }

    private static async Task<int> Report(
        LogVerification log, SignedHistory history, StoredHead head, CheckpointFile file, TextWriter output)
    {
        var culture = CultureInfo.InvariantCulture;
        if (history.IsTorn)
            await output.WriteLineAsync(
                $"{file.Path} ends within a checkpoint, for example after a power failure. The next checkpoint replaces it.");
        if (head.Next > head.Hashed)
            await output.WriteLineAsync(
                string.Create(culture, $"{head.Next - head.Hashed} entries have no hash yet. A running host of this version will add it."));
        if (log.Size > 0 && history.Good == 0)
        {
            await output.WriteLineAsync(
                string.Create(culture, $"Not verified: the {log.Size} entries match their hashes, but no checkpoint covers them."));
            return Unknown;
        }

        if (log.Size > history.Largest)
            await output.WriteLineAsync(
                string.Create(
                    culture, $"The last {log.Size - history.Largest} entries match their hashes, but no checkpoint covers them yet."));
        var expired = log.Expired > 0 ? string.Create(culture, $", {log.Expired} of them expired (only their commitments are kept)") : "";
        await output.WriteLineAsync(
            string.Create(
                culture, $"Sound. {log.Size} entries{expired}; {history.Good} checkpoints, the newest of {history.Largest} entries."));
        return Intact;
    }

    private void Show(TextWriter progress, long done, long all)
    {
        if (clock.GetElapsedTime(shown) < ProgressInterval) return;
        shown = clock.GetTimestamp();
        progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {all} entries"));
    }
}
