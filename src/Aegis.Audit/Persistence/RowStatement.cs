using System.Data;
using System.Text;

namespace Aegis.Audit.Persistence;

/// <summary>A column of a <see cref="RowStatement"/>.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Type">Type of the parameter.</param>
/// <param name="Size">Length, -1 for the maximum, 0 for types without one. SQL Server needs it to prepare a statement.</param>
internal sealed record Column(string Name, DbType Type, int Size = 0);

/// <summary>A prepared statement for many rows. It runs for blocks of a fixed number of rows, then row by row for the rest.</summary>
internal sealed class RowStatement : IAsyncDisposable
{
    private const int RowsPerRun = 32; // 32 rows of 11 columns stay below SQL Server's 2,100 parameters

    private readonly DbCommand many;
    private readonly DbCommand one;
    private readonly int width;

    private RowStatement(DbConnection connection, string before, string after, Column[] columns)
    {
        width = columns.Length;
        many = Prepare(connection, before, after, columns, RowsPerRun);
        one = Prepare(connection, before, after, columns, 1);
    }

    public static RowStatement Insert(DbConnection connection, string table, params Column[] columns) =>
        new(connection, $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => c.Name))}) VALUES ", "", columns);

    public static RowStatement Delete(DbConnection connection, string table, Column key) =>
        new(connection, $"DELETE FROM {table} WHERE {key.Name} IN (", ")", [key]);

    /// <summary>Runs the statement for all rows and returns how many rows it changed.</summary>
    public async Task<int> Run(IReadOnlyList<object?[]> rows, DbTransaction transaction, CancellationToken ct)
    {
        var changed = 0;
        var next = 0;
        for (; rows.Count - next >= RowsPerRun; next += RowsPerRun)
            changed += await Run(many, rows, next, RowsPerRun, transaction, ct);
        for (; next < rows.Count; next++)
            changed += await Run(one, rows, next, 1, transaction, ct);
        return changed;
    }

    public async ValueTask DisposeAsync()
    {
        await many.DisposeAsync();
        await one.DisposeAsync();
    }

    private Task<int> Run(
        DbCommand command, IReadOnlyList<object?[]> rows, int first, int count, DbTransaction transaction, CancellationToken ct)
    {
        command.Transaction = transaction;
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < width; column++)
                command.Parameters[(row * width) + column].Value = rows[first + row][column] ?? DBNull.Value;
        }

        return command.ExecuteNonQueryAsync(ct);
    }

    private static DbCommand Prepare(DbConnection connection, string before, string after, Column[] columns, int rows)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder(before);
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < columns.Length; column++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{(row * columns.Length) + column}");
                parameter.DbType = columns[column].Type;
                parameter.Size = columns[column].Size;
                command.Parameters.Add(parameter);
                sql.Append(column == 0 ? "" : ", ").Append(parameter.ParameterName);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(after).ToString();
        return command;
    }
}
