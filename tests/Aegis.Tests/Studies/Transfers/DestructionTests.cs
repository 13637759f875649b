using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Destruction;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Studies.Transfers;

public sealed class DestructionTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("consumer")]
    [InlineData("provider")]
    public async Task Either_party_can_destroy_and_the_certificate_says_who_did(string role)
    {
        var transfer = await app.Deliver();
        (await app.As(role).Get($"{transfer.Path}/certificate")).ShouldBeRefused(HttpStatusCode.Conflict, "not_destroyed");

        (await app.As(role).Post($"{transfer.Path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        var early = (await app.As(role).Get($"{transfer.Path}/certificate")).ShouldBe(HttpStatusCode.OK);
        await transfer.UntilDestroyed();
        var final = (await app.As(role).Get($"{transfer.Path}/certificate")).ShouldBe(HttpStatusCode.OK);

        early["keyRemovedAt"].Should().NotBeNull();
        (final["status"], final["reason"], final["by"]).Should().Be(("destroyed", "manual", role));
        new[] { final["keyErasedAt"], final["bytesDeletedAt"], final["destroyedAt"] }.Should().NotContainNulls();
        final["keyId"].Should().StartWith("fky_");
        final["meter.ingested.sha256"].Should().Be(transfer.Study.Sha256);
        final.Json.GetProperty("notCovered").GetArrayLength().Should().BePositive();
    }

    [Fact]
    public async Task The_certificate_names_the_audit_entry_of_the_destruction()
    {
        var transfer = await app.Deliver();
        await app.As("consumer").Post($"{transfer.Path}/destroy");
        await transfer.UntilDestroyed();

        var entry = (await app.As("consumer").Get($"{transfer.Path}/certificate"))["auditEntry"];
        var trail = await app.As("consumer").Get($"/v1/audit?object={transfer.Id}&action=transfer.destroyed");

        trail.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).Should().Equal(entry);
    }

    [Fact]
    public async Task A_second_destroy_changes_nothing_and_answers_200()
    {
        var transfer = await app.Deliver();

        (await app.As("consumer").Post($"{transfer.Path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        await app.As("provider").Post($"{transfer.Path}/destroy");
        await transfer.UntilDestroyed();

        (await app.As("provider").Post($"{transfer.Path}/destroy")).ShouldBe(HttpStatusCode.OK);
        (await app.As("provider").Get($"{transfer.Path}/certificate"))["by"].Should().Be("consumer");
        (await app.CountEvents("transfer.destroying", transfer.Id)).Should().Be(1);
        (await app.CountEvents("transfer.destroyed", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task After_a_destruction_nothing_opens_and_tickets_answer_with_the_reason()
    {
        var transfer = await app.Deliver();
        var url = await transfer.Open();

        await app.As("admin").Post($"{transfer.Path}/destroy");

        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");
        (await app.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed")["certificate"]
            .Should().EndWith($"{transfer.Id}/certificate");
        (await app.As("consumer").Get($"{transfer.Path}/certificate"))["by"].Should().Be("platform");
    }

    [Fact]
    public async Task A_destruction_removes_key_and_metadata_from_the_database_files_and_deletes_the_bytes()
    {
        var transfer = await app.Deliver();
        var (key, metadata) =
            (Encoding.Latin1.GetString(transfer.Key.SealedFileKey), Encoding.Latin1.GetString(transfer.Key.SealedMetadata));
        var file = app.Services.GetRequiredService<ContentFolder>().PathOf(transfer.Study.FileName);
        (await app.Database.Bytes()).Should().Contain(key).And.Contain(metadata);
        File.Exists(file).Should().BeTrue();

        await app.As("consumer").Post($"{transfer.Path}/destroy");
        await transfer.UntilDestroyed();

        (await app.Database.Bytes()).Contains(key, StringComparison.Ordinal).Should().BeFalse();
        (await app.Database.Bytes()).Contains(metadata, StringComparison.Ordinal).Should().BeFalse();
        File.Exists(file).Should().BeFalse();
    }

    [SqliteFact("SQL Server has no write-ahead log file that a reader could keep open")]
    public async Task A_reader_of_the_log_delays_the_erasure_and_the_certificate_says_so()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        await using var reader = new SqliteConnection($"Data Source={Path.Combine(own.App.DataDirectory, "aegis.db")};Pooling=False");
        await reader.OpenAsync();
        await using (var transaction = reader.BeginTransaction(deferred: true))
        {
            await using var read = reader.CreateCommand();
            read.CommandText = "SELECT COUNT(*) FROM studies_transfers";
            await read.ExecuteScalarAsync();

            await own.App.As("consumer").Post($"{transfer.Path}/destroy");
            await Task.Delay(TimeSpan.FromSeconds(2));

            (await own.App.As("consumer").Get($"{transfer.Path}/certificate"))["keyErasedAt"].Should().BeNull();
        }

        await transfer.UntilDestroyed();
    }

    [Fact]
    public async Task A_destruction_that_a_crash_interrupted_is_finished()
    {
        var transfer = await app.Deliver();
        File.Delete(app.Services.GetRequiredService<ContentFolder>().PathOf(transfer.Study.FileName)); // the crash was after this step
        await app.InStudies(async db =>
        {
            var loaded = await db.Transfers.Include(t => t.Key).SingleAsync(t => t.Id == transfer.Id);
            loaded.Destroy(Aegis.Studies.Transfers.DestructionReason.Manual, Aegis.Studies.Transfers.Initiator.Consumer,
                app.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });

        await transfer.UntilDestroyed();

        (await app.CountEvents("transfer.destroyed", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task The_sweep_ends_a_transfer_after_its_window_without_any_call()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(window: TimeSpan.FromHours(1));
        own.App.Clock.Advance(TimeSpan.FromHours(1));

        await transfer.UntilDestroyed();

        var certificate = await own.App.As("consumer").Get($"{transfer.Path}/certificate");
        (certificate["reason"], certificate["by"]).Should().Be(("window_end", "window"));
    }

    [Fact]
    public async Task The_key_of_a_day_is_destroyed_after_its_last_transfer()
    {
        await using var own = await OwnApp.Start();
        var (first, last) = (await own.App.Deliver(), await own.App.Deliver(window: TimeSpan.FromDays(20)));
        var keys = own.App.Services.GetRequiredService<DayKeys>();
        own.App.Clock.Advance(TimeSpan.FromDays(4));
        await first.UntilDestroyed();

        await own.App.Run<DestroyDayKeysJob>();
        keys.Days().Should().Contain(last.Study.KeyDay);
        await own.App.As("provider").Post($"{last.Path}/destroy");
        await last.UntilDestroyed();
        await own.App.Run<DestroyDayKeysJob>();

        keys.Days().Should().NotContain(last.Study.KeyDay);
    }
}
