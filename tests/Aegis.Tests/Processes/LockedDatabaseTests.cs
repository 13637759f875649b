namespace Aegis.Tests.Processes;

/// <summary>Another program holds the database's lock. tests/campaign/faults tests this for longer, with load and two hosts.</summary>
public sealed class LockedDatabaseTests
{
    [Fact]
    public async Task Writes_wait_until_a_short_lock_ends()
    {
        var app = await AegisApp.Start();
        var held = await ForeignLock.Take(app.DataDirectory);
        var call = app.As("consumer").Post("/v1/requests", Asking.JaneDoe);
        await Task.Delay(TimeSpan.FromSeconds(2));
        call.IsCompleted.Should().BeFalse();

        await held.DisposeAsync();

        (await call).ShouldBe(HttpStatusCode.Created);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task During_a_long_lock_calls_get_503_and_afterwards_they_succeed()
    {
        var app = await AegisApp.Start();
        var folder = app.DataDirectory;
        var impatient = await AegisApp.Start(
            ("Database:Provider", "Sqlite"),
            ("ConnectionStrings:Aegis", $"Data Source={Path.Combine(folder, "aegis.db")};Default Timeout=1"),
            ("Keys:Directory", Path.Combine(folder, "keys")));
        var consumer = impatient.As("consumer");
        await using (await ForeignLock.Take(folder))
        {
            var refused = await consumer.With("Idempotency-Key", "once").Post("/v1/requests", Asking.JaneDoe);

            refused.Status.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused["code"].Should().BeOneOf("database_unavailable", "audit_unavailable");
            refused.Headers.RetryAfter.Should().NotBeNull();
        }

        (await consumer.With("Idempotency-Key", "once").Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);
        await impatient.DisposeAsync();
        await app.DisposeAsync();
    }
}
