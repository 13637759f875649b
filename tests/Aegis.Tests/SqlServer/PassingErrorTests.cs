using System.Data;
using System.Data.Common;
using System.Reflection;
using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.SqlServer;

/// <summary>Transient errors of SQL Server in EF's saves and queries. No server is needed: interceptors below EF simulate it.</summary>
public sealed class PassingErrorTests
{
    private const byte FatalSeverity = 20;

    [Fact]
    public async Task A_save_that_was_a_deadlock_victim_is_retried()
    {
        var server = new SimulatedServer();
        await using var services = Services(server);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        server.Failures.Enqueue(Error(1205, severity: 13));
        var attempts = 0;

        await db.RetryOnConflict(async () =>
        {
            attempts++;
            db.Idempotency.Add(Row());
            await db.SaveChangesAsync();
        });

        attempts.Should().Be(2);
    }

    [Theory]
    [InlineData(64, FatalSeverity)]
    [InlineData(233, FatalSeverity)]
    [InlineData(4060, 11)]
    [InlineData(10053, FatalSeverity)]
    [InlineData(10054, FatalSeverity)]
    [InlineData(10060, FatalSeverity)]
    [InlineData(40197, 17)]
    [InlineData(40501, 20)]
    [InlineData(40613, 17)]
    public async Task An_error_of_an_unavailable_server_is_recognized_in_saves_and_queries(int number, byte severity)
    {
        var server = new SimulatedServer();
        await using var services = Services(server);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        for (var i = 0; i < 2; i++) server.Failures.Enqueue(Error(number, severity));
        db.Idempotency.Add(Row());

        var save = () => db.SaveChangesAsync();
        var query = () => db.Idempotency.AsNoTracking().Where(r => r.Id == "1").ToListAsync();

        (await save.Should().ThrowAsync<DbUpdateException>()).Which.IsUnavailable().Should().BeTrue();
        (await query.Should().ThrowAsync<SqlException>()).Which.IsUnavailable().Should().BeTrue();
    }

    private static IdempotencyRow Row() => new() { Id = "1", BodyDigest = "", ObjectId = "obj_1", At = DateTimeOffset.UnixEpoch };

    private static ServiceProvider Services(SimulatedServer server)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.ConfigureDbContext<SqlServerKernelDb>(o => o.AddInterceptors(server)); // first, so that no interceptor uses the network
        services.AddKernel(
            new ConfigurationBuilder().Build(),
                new DatabaseOptions(DatabaseKind.SqlServer, "Server=nowhere.invalid;Encrypt=false", AppContext.BaseDirectory),
            new KeyOptions("directory", "keys", "days"), typeof(Scopes).Assembly);
        return services.BuildServiceProvider();
    }

    /// <summary>Makes an exception by reflection, because its constructor is not public.</summary>
    private static SqlException Error(int number, byte severity)
    {
        const BindingFlags hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
        var constructor = typeof(SqlError).GetConstructors(hidden).OrderBy(c => c.GetParameters().Length).First();
        var error = constructor.Invoke([.. constructor.GetParameters().Select(p => p switch
        {
            { Name: "infoNumber" } => number,
            { Name: "errorClass" } => severity,
            _ when p.ParameterType == typeof(string) => "simulated",
            _ => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null,
        })]);
        var errors = (SqlErrorCollection)typeof(SqlErrorCollection).GetConstructors(hidden).Single().Invoke([]);
        typeof(SqlErrorCollection).GetMethod("Add", hidden)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException)
            .GetMethod("CreateException", hidden, [typeof(SqlErrorCollection), typeof(string)])!.Invoke(null, [errors, "17.0"])!;
    }

    /// <summary>Answers every command with no rows or the next failure.</summary>
    private sealed class SimulatedServer : IDbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
    {
        public Queue<SqlException> Failures { get; } = new();

        public ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result,
                CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(InterceptionResult.Suppress());

        public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
            DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
                CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(InterceptionResult<DbTransaction>.SuppressWithResult(new Transaction(connection)));

        public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
                CancellationToken cancellationToken = default)
        {
            if (Failures.TryDequeue(out var failure)) throw failure;
            using var nothing = new DataTable();
            return ValueTask.FromResult(InterceptionResult<DbDataReader>.SuppressWithResult(nothing.CreateDataReader()));
        }
    }

    private sealed class Transaction(DbConnection connection) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }
    }
}
