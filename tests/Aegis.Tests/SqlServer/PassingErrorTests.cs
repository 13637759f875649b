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

/// <summary>
/// Errors of SQL Server that pass, as they come out of EF's own saves and queries. No server is needed: it is made up below EF.
/// </summary>
public sealed class PassingErrorTests
{
    private const byte EndsConnection = 20;

    [Fact]
    public async Task A_save_that_was_the_victim_of_a_deadlock_is_decided_again()
    {
        var server = new MadeUpServer();
        await using var services = Services(server);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        server.Failures.Enqueue(Error(1205, severity: 13));
        var turns = 0;

        await db.RetryOnConflict(async () =>
        {
            turns++;
            db.Idempotency.Add(Row());
            await db.SaveChangesAsync();
        });

        turns.Should().Be(2);
    }

    [Theory]
    [InlineData(64, EndsConnection)]
    [InlineData(233, EndsConnection)]
    [InlineData(4060, 11)]
    [InlineData(10053, EndsConnection)]
    [InlineData(10054, EndsConnection)]
    [InlineData(10060, EndsConnection)]
    [InlineData(40197, 17)]
    [InlineData(40501, 20)]
    [InlineData(40613, 17)]
    public async Task An_error_of_a_server_that_is_away_is_known_after_a_save_and_after_a_query(int number, byte severity)
    {
        var server = new MadeUpServer();
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

    private static ServiceProvider Services(MadeUpServer server)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.ConfigureDbContext<SqlServerKernelDb>(o => o.AddInterceptors(server)); // first of all, so that nothing tries the network
        services.AddKernel(
            new ConfigurationBuilder().Build(),
                new DatabaseOptions(DatabaseKind.SqlServer, "Server=nowhere.invalid;Encrypt=false", AppContext.BaseDirectory),
            new KeyOptions("directory", "keys", "days"), typeof(Scopes).Assembly);
        return services.BuildServiceProvider();
    }

    /// <summary>The client gives nobody a constructor.</summary>
    private static SqlException Error(int number, byte severity)
    {
        const BindingFlags hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;
        var constructor = typeof(SqlError).GetConstructors(hidden).OrderBy(c => c.GetParameters().Length).First();
        var error = constructor.Invoke([.. constructor.GetParameters().Select(p => p switch
        {
            { Name: "infoNumber" } => number,
            { Name: "errorClass" } => severity,
            _ when p.ParameterType == typeof(string) => "made up",
            _ => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null,
        })]);
        var errors = (SqlErrorCollection)typeof(SqlErrorCollection).GetConstructors(hidden).Single().Invoke([]);
        typeof(SqlErrorCollection).GetMethod("Add", hidden)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException)
            .GetMethod("CreateException", hidden, [typeof(SqlErrorCollection), typeof(string)])!.Invoke(null, [errors, "17.0"])!;
    }

    /// <summary>Answers every command with no rows, or with the next failure.</summary>
    private sealed class MadeUpServer : IDbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
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
