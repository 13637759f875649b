namespace Aegis.Audit.Checkpoints;

/// <summary>Returns the key that signs checkpoints now, with its name; null while there is none.</summary>
internal delegate Task<NoteSigner?> CheckpointSigner(CancellationToken ct);

/// <summary>
/// Signs a checkpoint of the log at most once a second, appends it to the file outside the database, and publishes it. If the file cannot
/// be written, the checkpoint is published all the same and the file is tried again. A tree that contradicts the last checkpoint of the
/// file or of the database is not signed: it may have been cut or rewritten while no host was sequencing.
/// </summary>
internal sealed class Notary(BulkDatabase database, CheckpointFile file, CheckpointSigner signer, TimeProvider clock, ILogger<Notary> log)
{
    /// <summary>Minimum time between two checkpoints.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private long published;
    private long filed;
    private long? last;
    private TimeSpan pause;
    private bool agrees;

    /// <summary>Called when this host starts to sequence. The checkpoints that other hosts signed are checked first.</summary>
    public void Begin() => (published, filed, agrees, last, pause) = (0, 0, false, null, TimeSpan.Zero);

    /// <summary>Time until a tree of this size is signed; null if that is done.</summary>
    public TimeSpan? Wait(long size)
    {
        if (size <= Math.Min(published, filed)) return null;
        if (last is not { } since) return TimeSpan.Zero;
        var left = pause - clock.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Signs, files and publishes the tree if it is time; false if another host has taken over the log.</summary>
    public async Task<bool> Publish(DbConnection connection, LogLease lease, TreeEdge tree, bool atOnce, CancellationToken ct)
    {
        if (Wait(tree.Size) is not { } wait || (wait > TimeSpan.Zero && (!atOnce || pause > Spacing))) return true;
        (last, pause) = (clock.GetTimestamp(), Spacing);
        try
        {
            if (await signer(ct) is not { } key) return true;
            if (!agrees && !await Agrees(connection, key.Name, tree.Size, ct)) return true;
            var checkpoint = new Checkpoint(key.Name, tree.Size, tree.Root());
            var note = SignedNote.Sign(checkpoint.Text, key);
            File(note, checkpoint.Size);
            if (published >= checkpoint.Size) return true;
            if (!await Store(connection, lease, note, checkpoint.Size, ct)) return false;
            published = checkpoint.Size;
            return true;
        }
        catch (Exception e) when (e is not DbException and not OperationCanceledException)
        {
            // Entries are still sequenced. The next checkpoint covers them too.
            pause = PauseAfterFailure;
            Log.CheckpointFailed(log, tree.Size, e.GetType().Name, e);
            return true;
        }
    }

    private void File(string note, long size)
    {
        if (filed >= size) return;
        try
        {
            file.Append(note, size);
            filed = size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            pause = PauseAfterFailure;
            Log.CheckpointNotFiled(log, size, file.Path, e.GetType().Name, e);
        }
    }

    private async Task<bool> Store(DbConnection connection, LogLease lease, string note, long size, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        return await connection.Run(
            $"UPDATE {database.Head} SET CheckpointSize = @size, [Checkpoint] = @note WHERE Id = @id AND Epoch = @epoch",
            null, ct, ("@size", size), ("@note", note), ("@id", LogHead.OnlyId), ("@epoch", lease.Epoch)) == 1;
    }

    /// <summary>True if the tree extends the last checkpoint of the database and of the file.</summary>
    private async Task<bool> Agrees(DbConnection connection, string origin, long size, CancellationToken ct)
    {
        await using var command =
            connection.Statement($"SELECT [Checkpoint] FROM {database.Head} WHERE Id = @id", null, ("@id", LogHead.OnlyId));
        var stored = await command.ExecuteScalarAsync(ct) as string;
        foreach (var (where, note) in new[] { ("the database", stored), (file.Path, file.Last()) })
        {
            if (note is null || await Contradiction(connection, Checkpoint.Parse(note), origin, size, ct) is not { } contradiction)
                continue;
            pause = PauseAfterFailure;
            Log.CheckpointContradicted(log, where, contradiction);
            return false;
        }

        agrees = true;
        return true;
    }

    private async Task<string?> Contradiction(DbConnection connection, Checkpoint? signed, string origin, long size, CancellationToken ct)
    {
        if (signed is null) return "it is not readable";
        if (signed.Origin != origin) return $"it is of the log '{signed.Origin}', this one is '{origin}'";
        if (signed.Size > size) return string.Create(CultureInfo.InvariantCulture, $"it has {signed.Size} entries, the log has {size}");
        var root = await new TreeWriter(database, connection).RootAt(signed.Size, ct);
        return root.AsSpan().SequenceEqual(signed.Root)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the first {signed.Size} entries are others now");
    }
}
