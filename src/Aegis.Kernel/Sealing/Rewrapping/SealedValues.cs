using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>How many values of a column are under which key.</summary>
/// <param name="Column">Table and column.</param>
/// <param name="Total">All of its values.</param>
/// <param name="Under">Values under each key of the ring, by its id.</param>
public sealed record SealedCount(string Column, long Total, IReadOnlyDictionary<string, long> Under)
{
    /// <summary>Values whose key the ring does not have.</summary>
    public long Lost => Total - Under.Values.Sum();
}

/// <summary>
/// Everything that is sealed in the database, in all modules. Rewrapping replaces each value where it stands, if it still stands there, so
/// reads never miss one, hosts may do it at the same time, and after a kill it goes on with what is left.
/// </summary>
public sealed class SealedValues(
    IServiceScopeFactory scopes, IEnumerable<ModuleDbRegistration> modules, KeyRing ring, SealedBox box, KeyOptions options,
    ILogger<SealedValues> log)
{
    private const int Batch = 200; // one transaction; others wait a few milliseconds for it

    /// <summary>Rewraps what is not under the newest key until nothing is left, and says how many those were.</summary>
    public async Task<long> Rewrap(CancellationToken ct)
    {
        var total = 0L;
        while (await Pass(ct) is > 0 and var changed) total += changed; // hosts that do not know the new key yet seal some more
        if (total > 0) Log.Rewrapped(log, total, ring.Newest.Id);
        return total;
    }

    public async Task<IReadOnlyList<SealedCount>> Count(CancellationToken ct)
    {
        var counts = new List<SealedCount>();
        var keys = ring.Keys;
        await ForEach(
            async (db, column) =>
            {
                await using var command = Command(db, column.Count(keys.Count), ct);
                for (var i = 0; i < keys.Count; i++)
                {
                    var prefix = SealedBox.Prefix(keys[i].Id);
                    Add(command, $"@prefix{i}", prefix);
                    Add(command, $"@size{i}", prefix.Length);
                    Add(command, $"@id{i}", keys[i].Id);
                }

                await using var reader = await command.ExecuteReaderAsync(ct);
                await reader.ReadAsync(ct);
                counts.Add(new SealedCount(column.Name, Number(reader, 0),
                    keys.Select((k, i) => (k.Id, Rows: Number(reader, i + 1))).ToDictionary(k => k.Id, k => k.Rows)));
            },
            ct);
        return counts;
    }

    /// <summary>
    /// Stops the start of a host whose ring lacks a key. Looks at both ends of each column: there the newest and the oldest keys are.
    /// </summary>
    public Task RequireKeys(CancellationToken ct) => ForEach(
        async (db, column) =>
        {
            foreach (var isNewest in (bool[])[false, true])
            {
                await using var command = Command(db, column.End(isNewest), ct);
                await using var reader = await command.ExecuteReaderAsync(ct);
                if (!await reader.ReadAsync(ct)) return;
                var message = column.Read(reader).Message;
                // damage is the reader's to meet
                if (SealedBox.IsSealed(message) && SealedBox.KeyIdOf(message) is var keyId && !ring.Has(keyId))
                    throw new StartRefusedException(
                        $"The key ring '{ring.Id}' lacks the key '{keyId}', which {column.Name} needs: restore that key.");
            }
        },
        ct);

    private async Task<long> Pass(CancellationToken ct)
    {
        var changed = 0L;
        await ForEach(
            async (db, column) =>
            {
                IReadOnlyList<object>? after = null;
                while (await Page(db, column, after, ct) is { Count: > 0 } page)
                {
                    changed += await Replace(db, column, page, ct);
                    after = page[^1].Key;
                    if (options.RewrapPause > TimeSpan.Zero) await Task.Delay(options.RewrapPause, ct);
                }
            },
            ct);
        return changed;
    }

    private async Task<List<SealedValue>> Page(ModuleDb db, SealedColumn column, IReadOnlyList<object>? after, CancellationToken ct)
    {
        var newest = ring.Newest.Id;
        var prefix = SealedBox.Prefix(newest);
        await using var command = Command(db, column.Page(after is null, Batch), ct);
        Add(command, "@prefix", prefix);
        Add(command, "@size", prefix.Length);
        Add(command, "@newest", newest);
        for (var i = 0; i < after?.Count; i++) Add(command, $"@after{i}", after[i]);
        var page = new List<SealedValue>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) page.Add(column.Read(reader));
        return page;
    }

    private async Task<int> Replace(ModuleDb db, SealedColumn column, List<SealedValue> page, CancellationToken ct)
    {
        var fresh = page.ConvertAll(value => (Value: value, Message: Rewrap(column, value)));
        return await db.InTransaction(
            async () =>
            {
                var changed = 0;
                foreach (var (value, message) in fresh)
                {
                    if (message is null) continue;
                    await using var command = Command(db, column.Replace(), ct);
                    Add(command, "@fresh", message);
                    Add(command, "@old", value.Message);
                    Add(command, "@newest", SealedBox.KeyIdOf(message));
                    for (var i = 0; i < value.Key.Count; i++) Add(command, $"@key{i}", value.Key[i]);
                    changed += await command.ExecuteNonQueryAsync(ct);
                }

                return changed;
            },
            ct);
    }

    /// <summary>A damaged value stays as it is, keeps its key from being retired, and does not hold up the others.</summary>
    private byte[]? Rewrap(SealedColumn column, SealedValue value)
    {
        try
        {
            return box.Rewrap(value.Message, value.Subject);
        }
        catch (CryptographicException e)
        {
            Log.NotRewrapped(log, column.Name, string.Join(' ', value.Key), e.GetType().Name);
            return null;
        }
    }

    /// <summary>
    /// The kernel last: the root secret moves to a new key when all else has, so a ring that lacks an older one is noticed at the start.
    /// </summary>
    private async Task ForEach(Func<ModuleDb, SealedColumn, Task> visit, CancellationToken ct)
    {
        foreach (var module in modules.OrderBy(m => m.Abstract == typeof(KernelDb)))
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (ModuleDb)scope.ServiceProvider.GetRequiredService(module.Abstract);
            await db.Database.OpenConnectionAsync(ct);
            try
            {
                foreach (var column in SealedColumn.Of(db)) await visit(db, column);
            }
            finally
            {
                await db.Database.CloseConnectionAsync(); // a context that goes back to its pool keeps what was opened by hand
            }
        }
    }

    private static DbCommand Command(ModuleDb db, string sql, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        if (!command.CommandText.Contains(name, StringComparison.Ordinal)) return;
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static long Number(DbDataReader reader, int column) =>
        Convert.ToInt64(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Brings everything under the newest key of the ring. Running twice, or on two hosts, finds nothing more to do.</summary>
internal sealed class RewrapJob(SealedValues values, KeyRing ring) : IRecurringJob
{
    public static string Name => "kernel.rewrap";

    public static string Cron => "0 * * * * ?";

    /// <summary>A ring with one key has nothing to rewrap. One with more is looked through until the old key is retired.</summary>
    public Task Run(CancellationToken ct) => ring.Keys.Count > 1 ? values.Rewrap(ct) : Task.CompletedTask;
}
