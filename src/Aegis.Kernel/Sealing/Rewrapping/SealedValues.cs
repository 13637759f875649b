using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>The number of values of a column under each key.</summary>
/// <param name="Column">Table and column.</param>
/// <param name="Total">The number of all its values.</param>
/// <param name="Under">The number of values under each key of the ring, by key id.</param>
public sealed record SealedCount(string Column, long Total, IReadOnlyDictionary<string, long> Under)
{
    /// <summary>The number of values whose key is not in the ring.</summary>
    public long Lost => Total - Under.Values.Sum();
}

/// <summary>
/// All sealed values in the database, of all modules. Rewrapping replaces a value in its row only if the row still contains the old one. So
/// reads never miss a value, several hosts may rewrap at once, and a killed rewrap continues with the remaining values.
/// </summary>
public sealed class SealedValues(
    IServiceScopeFactory scopes, IEnumerable<ModuleDbRegistration> modules, KeyRing ring, SealedBox box, KeyOptions options,
    ILogger<SealedValues> log)
{
    private const int Batch = 200; // one transaction; other writers wait a few milliseconds for it

    /// <summary>Rewraps values until all are under the newest key, and returns how many were rewrapped.</summary>
    public async Task<long> Rewrap(CancellationToken ct)
    {
        var total = 0L;
        // hosts that have not read the new key yet still seal with the old one
        while (await Pass(ct) is > 0 and var changed) total += changed;
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
    /// Stops the start of a host whose ring lacks a key. Reads the first and last value of each column, because they have the oldest and
    /// newest keys.
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
                // a damaged value does not stop the start; its reader reports it
                if (SealedBox.IsSealed(message) && SealedBox.KeyIdOf(message) is var keyId && !ring.Has(keyId))
                    throw new StartRefusedException(
                        $"The key ring '{ring.Id}' lacks the key '{keyId}', which {column.Name} needs. Restore that key.");
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
        var rewrapped = page.ConvertAll(value => (Value: value, Message: Rewrap(column, value)));
        return await db.InTransaction(
            async () =>
            {
                var changed = 0;
                foreach (var (value, message) in rewrapped)
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

    /// <summary>A damaged value stays as it is. Its key cannot be retired, and other values do not wait for it.</summary>
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
    /// Visits the kernel's columns last. The root secret moves to the new key after all other values, so a ring that lacks an older key is
    /// noticed at startup.
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
                await db.Database.CloseConnectionAsync(); // a pooled context would keep a connection that was opened explicitly
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

/// <summary>Rewraps all values under the newest key of the ring. A second run, or a run on another host, finds nothing to do.</summary>
internal sealed class RewrapJob(SealedValues values, KeyRing ring) : IRecurringJob
{
    public static string Name => "kernel.rewrap";

    public static string Cron => "0 * * * * ?";

    /// <summary>With one key there is nothing to rewrap. With more keys, each run checks all values until the old key is retired.</summary>
    public Task Run(CancellationToken ct) => ring.Keys.Count > 1 ? values.Rewrap(ct) : Task.CompletedTask;
}
