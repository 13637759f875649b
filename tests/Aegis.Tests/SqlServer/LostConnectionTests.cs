using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Microsoft.Data.SqlClient;

namespace Aegis.Tests.SqlServer;

/// <summary>Broken connections between host and SQL Server: work that may be done twice is repeated, other work is not.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private const string Inserting = "INSERT INTO [studies].[requests]";

    private TestDatabase database = null!;
    private TdsProxy proxy = null!;
    private AegisApp app = null!;

    public async Task InitializeAsync()
    {
        if (!TestDatabase.IsSqlServer) return;
        database = await TestDatabase.Create(AppContext.BaseDirectory);
        proxy = new TdsProxy(database.ConnectionString);
        app = await AegisApp.StartOn(database, proxy.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        if (!TestDatabase.IsSqlServer) return;
        await app.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [SqlServerFact]
    public async Task A_connection_that_fails_to_open_is_opened_again()
    {
        var before = app.Logs.Lines.Count(TriedAgain);
        proxy.Refusals = 2;
        BreakAll();

        (await app.As("consumer").Get("/v1/requests")).ShouldBe(HttpStatusCode.OK);
        await app.AskForJaneDoe();

        proxy.Refusals.Should().BeLessThan(0);
        app.Logs.Lines.Count(TriedAgain).Should().BeGreaterThan(before);
    }

    [SqlServerFact]
    public async Task A_read_with_a_lost_connection_is_repeated()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        await db.Database.OpenConnectionAsync();
        await db.Requests.CountAsync();
        proxy.CutAll();

        (await db.Requests.CountAsync()).Should().BePositive("the sandbox has one");
    }

    [SqlServerFact]
    public async Task A_read_inside_a_transaction_is_not_repeated()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Requests.CountAsync();
        proxy.CutAll();

        var read = () => db.Requests.CountAsync();

        await read.Should().ThrowAsync<Exception>();
    }

    [SqlServerTheory]
    [InlineData(AtCommit.CutBefore, 0)]
    [InlineData(AtCommit.CutAfter, 1)]
    public async Task A_commit_with_a_lost_connection_is_refused_and_never_repeated(AtCommit moment, int made)
    {
        var before = await Requests();
        proxy.Await(Inserting, moment);

        var answer = await app.As("consumer").Post("/v1/requests", Asking.JaneDoe);

        answer.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "database_unavailable");
        proxy.Commits.Should().Be(1);
        (await Requests()).Should().Be(before + made);
    }

    [SqlServerTheory]
    [InlineData(AtCommit.CutBefore)]
    [InlineData(AtCommit.CutAfter)]
    public async Task A_repeat_with_its_Idempotency_Key_has_one_effect_however_the_commit_ended(AtCommit moment)
    {
        var before = await Requests();
        var consumer = app.As("consumer").With("Idempotency-Key", $"cut-{moment}");
        proxy.Await(Inserting, moment);
        (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "database_unavailable");

        var again = await consumer.Post("/v1/requests", Asking.JaneDoe);
        var third = await consumer.Post("/v1/requests", Asking.JaneDoe);

        again.ShouldBe(HttpStatusCode.Created);
        third.ShouldBe(HttpStatusCode.Created).Id.Should().Be(again.Id);
        (await Requests()).Should().Be(before + 1);
        await Eventually(async () => (await Entries(again.Id)) == 1);
    }

    [SqlServerFact]
    public async Task An_unavailable_database_is_reported_by_calls_and_readiness_until_it_is_back()
    {
        proxy.IsDown = true;
        BreakAll();

        var refused = await app.As("consumer").Get("/v1/requests");
        refused.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "database_unavailable");
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        refused.Text.Should().NotContain("127.0.0.1").And.NotContain("SqlException");
        (await app.Anonymous.Get("/readyz")).Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await app.Anonymous.Get("/livez")).Status.Should().Be(HttpStatusCode.OK);
        proxy.IsDown = false;

        await Eventually(async () => (await app.Anonymous.Get("/readyz")).Status == HttpStatusCode.OK);
        (await app.As("consumer").Get("/v1/requests")).ShouldBe(HttpStatusCode.OK);
        await app.AskForJaneDoe();
    }

    [SqlServerFact]
    public async Task A_job_is_repeated_after_a_lost_connection()
    {
        var id = await app.AskForJaneDoe();
        app.Clock.Advance(TimeSpan.FromDays(15));
        var jobs = app.Services.GetServices<Aegis.Kernel.Jobs.JobRegistration>();
        proxy.Await("UPDATE [studies].[requests]", AtCommit.CutBefore);

        await jobs.Single(j => j.Type == typeof(ExpireRequestsJob)).Run(
            app.Services.GetRequiredService<IServiceScopeFactory>(),
            app.Services.GetRequiredService<Aegis.Kernel.Persistence.SqlServer.ConnectionRetries>(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, CancellationToken.None);

        (await app.StatusOf(id)).Should().Be("expired");
        await Eventually(async () => await Entries(id, "request.expired") == 1);
    }

    private static bool TriedAgain(string line) => line.Contains("Trying again", StringComparison.Ordinal);

    /// <summary>Breaks open connections and clears the pools, so that the next call must open a connection.</summary>
    private void BreakAll()
    {
        proxy.CutAll();
        SqlConnection.ClearAllPools();
    }

    private async Task<int> Requests() =>
        int.Parse((await database.Column("SELECT COUNT(*) FROM [studies].[requests]"))[0],
            System.Globalization.CultureInfo.InvariantCulture);

    private async Task<int> Entries(string id, string action = "request.created") =>
        (await app.As("consumer").Get($"/v1/audit?object={id}&action={action}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
            .GetArrayLength();

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(100);
        }
    }
}
