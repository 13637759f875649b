using System.Data.Common;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// The SQL statements that store outcomes. They are created once for a transaction and run for each outcome; EF's change tracking costs
/// several times as much.
/// </summary>
internal sealed class OutcomeStatements : IAsyncDisposable
{
    private readonly DbCommand settle;
    private readonly DbCommand note;
    private readonly DbCommand markAnswering;
    private readonly DbCommand markFailing;

    public OutcomeStatements(WebhooksDb db, DbTransaction transaction)
    {
        var sql = db.GetService<ISqlGenerationHelper>();
        string Table<T>()
        {
            var type = db.Model.FindEntityType(typeof(T))!;
            return sql.DelimitIdentifier(type.GetTableName()!, type.GetSchema());
        }

        DbCommand Command(string text, params string[] parameters)
        {
            var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = text;
            foreach (var name in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                command.Parameters.Add(parameter);
            }

            return command;
        }

        settle = Command(
            $"UPDATE {Table<Delivery>()} SET Status = @status, Attempts = Attempts + 1, Step = @step, DueAt = @due, FinishedAt = "
                + "@finished, "
            + "LastStatus = @code, LastError = @error, Revision = Revision + 1 WHERE Id = @id AND Attempts = @attempts AND Status = "
            + "@waiting",
            "@status", "@step", "@due", "@finished", "@code", "@error", "@id", "@attempts", "@waiting");
        note = Command(
            $"INSERT INTO {Table<Attempt>()} (DeliveryId, Number, At, LatencyMs, Status, Error, Excerpt) VALUES (@id, @number, @at, "
                + "@latency, @code, @error, @excerpt)",
            "@id", "@number", "@at", "@latency", "@code", "@error", "@excerpt");
        markAnswering = Command(
            $"UPDATE {Table<EndpointQueue>()} SET FailingSince = NULL, WarnedDay = {EndpointQueue.NoWarning}, LastSuccessAt = @at WHERE "
                + "EndpointId = @id", "@at", "@id");
        markFailing = Command( // may run after a later success was stored, which it must not undo
            $"UPDATE {Table<EndpointQueue>()} SET FailingSince = COALESCE(FailingSince, @at), LastFailureAt = @at, LastError = @error "
            + "WHERE EndpointId = @id AND (LastSuccessAt IS NULL OR LastSuccessAt <= @at)",
            "@at", "@error", "@id");
    }

    /// <summary>Updates the delivery; false if another outcome of it was stored first.</summary>
    public async Task<bool> Settle(Outcome outcome)
    {
        var waiting = outcome.Delivery.Type == Delivery.Ping ? DeliveryStatus.Verifying : DeliveryStatus.Waiting;
        var status = outcome.IsSuccess ? DeliveryStatus.Delivered : outcome.NextDueAt is null ? DeliveryStatus.Failed : waiting;
        var isOver = status is DeliveryStatus.Delivered or DeliveryStatus.Failed;
        return await Run(
            settle, status.ToString(), outcome.Delivery.Step + 1, (outcome.NextDueAt ?? outcome.At).UtcTicks,
            isOver ? outcome.At.UtcTicks : null,
            outcome.Status, outcome.Error, outcome.Delivery.Id, outcome.Delivery.Attempts, waiting.ToString()) == 1;
    }

    public Task<int> Note(Outcome outcome) => Run(
        note, outcome.Delivery.Id, outcome.Number, outcome.At.UtcTicks, outcome.LatencyMs, outcome.Status, outcome.Error, outcome.Excerpt);

    public Task<int> MarkAnswering(Outcome outcome) => Run(markAnswering, outcome.At.UtcTicks, outcome.EndpointId);

    public Task<int> MarkFailing(Outcome outcome) => Run(markFailing, outcome.At.UtcTicks, outcome.Error, outcome.EndpointId);

    public async ValueTask DisposeAsync()
    {
        foreach (var command in new[] { settle, note, markAnswering, markFailing }) await command.DisposeAsync();
    }

    private static Task<int> Run(DbCommand command, params object?[] values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.ExecuteNonQueryAsync();
    }
}
