using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>One sealed value of a row.</summary>
internal sealed record SealedValue(IReadOnlyList<object> Key, SealedFor Subject, byte[] Message);

/// <summary>The SQL of one sealed column, built from the model. Both databases search and compare bytes in the same way.</summary>
internal sealed class SealedColumn
{
    private readonly bool isSqlServer;
    private readonly string table;
    private readonly string column;
    private readonly string? keyId;
    private readonly List<string> key;
    private readonly string kind;
    private readonly string id;
    private readonly string? version;

    private SealedColumn(ModuleDb db, IEntityType row, IProperty property)
    {
        var sql = db.GetService<ISqlGenerationHelper>();
        var store = StoreObjectIdentifier.Create(row, StoreObjectType.Table)!.Value;
        var subject = SealedProperty.SubjectOf(property);
        string Column(IProperty p) => sql.DelimitIdentifier(p.GetColumnName(store)!);
        isSqlServer = db.Database.IsSqlServer();
        table = sql.DelimitIdentifier(store.Name, store.Schema);
        column = Column(property);
        keyId = subject.KeyId is { } under ? Column(under) : null;
        key = row.FindPrimaryKey()!.Properties.Select(Column).ToList();
        (kind, id, version) = (subject.Kind, Column(subject.Id), subject.Version is { } number ? Column(number) : null);
        Name = $"{store.Schema ?? ""}{(store.Schema is null ? "" : "_")}{store.Name}.{property.GetColumnName(store)}";
    }

    /// <summary>The column's name in messages, the same on both databases.</summary>
    public string Name { get; }

    /// <summary>Returns the sealed columns of a module's own tables.</summary>
    public static IEnumerable<SealedColumn> Of(ModuleDb db) =>
        from row in db.Model.GetEntityTypes()
        from property in row.GetFlattenedProperties()
        where SealedProperty.IsSealed(property)
        select new SealedColumn(db, row, property);

    /// <summary>
    /// Selects the next values after <c>@after0…</c> that are not sealed with the newest key (<c>@prefix</c>, <c>@size</c>,
    /// <c>@newest</c>), in primary key order. One pass reads the table once, however many values there are.
    /// </summary>
    public string Page(bool isFirst, int size) => Select(
        $"{(isFirst ? "" : $"{After()} AND ")}{column} IS NOT NULL AND {Stale}", string.Join(", ", key), size);

    /// <summary>
    /// Selects the value with the oldest or newest key if the table has a key id column, otherwise the oldest or newest value.
    /// </summary>
    public string End(bool isNewest)
    {
        IEnumerable<string> order = keyId is null ? key : [keyId];
        return Select($"{column} IS NOT NULL", string.Join(", ", order.Select(k => isNewest ? $"{k} DESC" : k)), 1);
    }

    /// <summary>
    /// Writes <c>@fresh</c> if the row still contains <c>@old</c>. If another writer changed the row first, its value is newer and stays.
    /// </summary>
    public string Replace() =>
        $"UPDATE {table} SET {column} = @fresh{(keyId is null ? "" : $", {keyId} = @newest")} WHERE "
            + $"{string.Join(" AND ", key.Select((k, i) => $"{k} = @key{i}"))} AND {column} = @old";

    /// <summary>Counts all values and those sealed with each of the given keys (<c>@prefix0</c>, <c>@size0</c>, <c>@id0</c> …).</summary>
    public string Count(int keys)
    {
        var each = Enumerable.Range(0, keys).Select(i =>
            $"COALESCE(SUM(CASE WHEN {(keyId is null ? $"{Start($"@size{i}")} = @prefix{i}" : $"{keyId} = @id{i}")} THEN 1 ELSE 0 "
                + "END), 0)");
        return $"SELECT COUNT(*), {string.Join(", ", each)} FROM {table} WHERE {keyId ?? column} IS NOT NULL";
    }

    /// <summary>Reads a row of <see cref="Page"/> or <see cref="End"/>.</summary>
    public SealedValue Read(System.Data.Common.DbDataReader reader)
    {
        var subject = new SealedFor(
            kind, reader.GetString(1), version is null ? 1 : Convert.ToInt32(reader.GetValue(2), CultureInfo.InvariantCulture));
        return new SealedValue([.. key.Select((_, i) => reader.GetValue(3 + i))], subject, reader.GetFieldValue<byte[]>(0));
    }

    private string Stale => keyId is null ? $"{Start("@size")} <> @prefix" : $"{keyId} <> @newest";

    private string Start(string size) => $"{(isSqlServer ? "SUBSTRING" : "substr")}({column}, 1, {size})";

    private string After() => key.Count switch
    {
        1 => $"{key[0]} > @after0",
        2 => $"{key[0]} >= @after0 AND ({key[0]} > @after0 OR {key[1]} > @after1)",
        _ => throw new NotSupportedException($"The primary key of {table} has more than two columns."),
    };

    private string Select(string where, string order, int size) =>
        $"SELECT {(isSqlServer ? $"TOP ({size}) " : "")}{column}, {id}, {version ?? "1"}, {string.Join(", ", key)} FROM {table} WHERE "
            + $"{where} ORDER BY {order}{(isSqlServer ? "" : $" LIMIT {size}")}";
}
