using System.Threading.Channels;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>
/// The minimum work to make entries durable in SQLite: all waiting writers share one transaction, with one prepared statement per row.
/// </summary>
internal sealed class RawGroupCommit : IAsyncDisposable
{
    private const int MaxBatch = 2_000;

    private readonly Channel<(string Id, byte[] Body, TaskCompletionSource Written)> queue =
        Channel.CreateUnbounded<(string, byte[], TaskCompletionSource)>();
    private readonly SqliteConnection connection;
    private readonly Task gathering;

    public RawGroupCommit(string file)
    {
        connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; CREATE TABLE entries (Id TEXT PRIMARY KEY, At "
                + "INTEGER, Body BLOB)";
        command.ExecuteNonQuery();
        gathering = Task.Run(Gather);
    }

    public Task Write(string id, byte[] body)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Writer.TryWrite((id, body, written));
        return written.Task;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.Complete();
        await gathering;
        await connection.DisposeAsync();
    }

    private async Task Gather()
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO entries VALUES (@id, @at, @body)";
        var (id, at, body) = (insert.Parameters.Add("@id", SqliteType.Text), insert.Parameters.Add("@at", SqliteType.Integer),
            insert.Parameters.Add("@body", SqliteType.Blob));
        insert.Prepare();
        var batch = new List<TaskCompletionSource>();
        while (await queue.Reader.WaitToReadAsync())
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var entry))
            {
                (id.Value, at.Value, body.Value) = (entry.Id, Stopwatch.GetTimestamp(), entry.Body);
                insert.ExecuteNonQuery();
                batch.Add(entry.Written);
            }

            transaction.Commit();
            batch.ForEach(b => b.SetResult());
            batch.Clear();
        }
    }
}
