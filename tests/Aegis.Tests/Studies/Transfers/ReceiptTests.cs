using Aegis.Studies.Metering;
using Aegis.Studies.Windows;

namespace Aegis.Tests.Studies.Transfers;

public sealed class ReceiptTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_receipt_right_after_the_last_byte_is_accepted_without_a_dispute()
    {
        var transfer = await app.Deliver();
        await transfer.Download(await transfer.Open());

        var acknowledged = (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK);

        acknowledged["disputed"].Should().Be("False");
        acknowledged["meter.acknowledged.sha256"].Should().Be(transfer.Study.Sha256);
        (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK);
        (await transfer.Acknowledge(instances: 1)).ShouldBeRefused(HttpStatusCode.Conflict, "already_acknowledged");
    }

    [Fact]
    public async Task The_answer_to_a_receipt_shows_everything_that_was_served()
    {
        for (var i = 0; i < 12; i++) // the client is often faster than the settlement of its download
        {
            var transfer = await app.Deliver(instances: 2, size: 400_000);
            await transfer.Download(await transfer.Open());

            var acknowledged = (await transfer.Acknowledge()).ShouldBe(HttpStatusCode.OK);

            acknowledged["meter.served.bytes"].Should().Be(acknowledged["meter.served.ofBytes"]);
            acknowledged["meter.served.egressBytes"].Should().Be(acknowledged["meter.acknowledged.bytes"]);
            acknowledged["meter.views"].Should().Be("1");
        }
    }

    [Fact]
    public async Task A_receipt_counts_a_running_download_and_does_not_wait_for_its_end()
    {
        var transfer = await app.Deliver(instances: 1, size: 64_000_000); // the network does not buffer half of it, so no view is due
        using var running = await transfer.Stream(await transfer.Open());
        await (await running.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1_000_000]);

        var acknowledged = (await transfer.Acknowledge(instances: 1)).ShouldBe(HttpStatusCode.OK);

        long.Parse(acknowledged["meter.served.bytes"]!, System.Globalization.CultureInfo.InvariantCulture).Should().BeGreaterThan(700_000);
    }

    [Fact]
    public async Task A_receipt_waits_a_little_for_a_download_from_another_host()
    {
        var transfer = await app.Deliver();
        await transfer.HoldOpen();
        var all = new IntervalSet();
        all.Add(0, transfer.Study.PayloadBytes);

        var receipt = transfer.Acknowledge();
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        receipt.IsCompleted.Should().BeFalse("the other host has not stored yet what it served");
        await app.InStudies(db => db.Meters.Where(m => m.Id == transfer.Id).ExecuteUpdateAsync(s => s
            .SetProperty(m => m.ServedIntervals, all.ToBytes()).SetProperty(m => m.Served, all.Total)
            .SetProperty(m => m.Egress, transfer.Study.SizeBytes)));
        await app.InStudies(db => db.Leases.Where(l => l.TransferId == transfer.Id).ExecuteDeleteAsync());

        var acknowledged = (await receipt).ShouldBe(HttpStatusCode.OK);
        (acknowledged["meter.served.egressBytes"], acknowledged["disputed"]).Should().Be(($"{transfer.Study.SizeBytes}", "False"));
    }

    [Fact]
    public async Task A_receipt_can_be_for_the_instances_instead_of_the_archive()
    {
        var (same, tooMuch, wrong) = (await app.Deliver(), await app.Deliver(), await app.Deliver());
        foreach (var transfer in new[] { same, tooMuch, wrong }) await transfer.Download(await transfer.Open());
        var (bytes, sha256) = (same.Study.PayloadBytes, same.Study.InstancesSha256);

        (await same.Acknowledge(bytes: bytes, sha256: sha256)).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        (await same.Acknowledge()).ShouldBeRefused(HttpStatusCode.Conflict, "already_acknowledged");
        (await tooMuch.Acknowledge(bytes: bytes + 1, sha256: sha256)).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("True");
        (await wrong.Acknowledge(bytes: bytes, sha256: new string('0', 64))).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("True");
        (await app.As("provider").Get($"{same.Path}/receipt")).ShouldBe(HttpStatusCode.OK)["matches"].Should().Be("True");
    }

    [Fact]
    public async Task A_receipt_for_bytes_that_were_not_served_is_disputed()
    {
        var transfer = await app.Deliver();
        await transfer.Range(await transfer.Open(), "bytes=0-999");
        await Delivered.Eventually(async () => await transfer.Leases() == 0, "the download is settled");

        var acknowledged = await transfer.Acknowledge();

        acknowledged.ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("True");
        acknowledged.Json.GetProperty("disputes")[0].GetProperty("reason").GetString().Should().Be("receipt_exceeds_served");
        (await app.CountEvents("transfer.disputed", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task A_receipt_of_the_wrong_shape_names_its_members()
    {
        var transfer = await app.Deliver();

        var refused = await app.As("consumer").Post($"{transfer.Path}/acknowledge", """{"instances":-1,"bytes":-1,"sha256":"x"}""");

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo("instances", "bytes", "sha256");
    }

    [Fact]
    public async Task An_idempotency_key_gives_the_first_answer_again()
    {
        var transfer = await app.Deliver();
        var consumer = app.As("consumer").With("Idempotency-Key", $"k-{transfer.Id}");

        (await consumer.Post($"{transfer.Path}/dispute")).ShouldBe(HttpStatusCode.OK);
        var again = await consumer.Post($"{transfer.Path}/dispute");

        again.ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("True");
        (await app.As("consumer").Post($"{transfer.Path}/dispute")).ShouldBeRefused(HttpStatusCode.Conflict, "already_disputed");
        (await app.CountEvents("transfer.disputed", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task A_retried_change_keeps_its_idempotency_key()
    {
        for (var i = 0; i < 15; i++) // most of these pairs run at the same moment
        {
            var transfer = await app.Deliver(instances: 1, size: 100);
            var consumer = app.As("consumer").With("Idempotency-Key", $"k-{transfer.Id}");
            var receipt = new { instances = 1, bytes = 0, sha256 = transfer.Study.Sha256 };

            await Task.WhenAll(consumer.Post($"{transfer.Path}/acknowledge", receipt), app.As("provider").Post($"{transfer.Path}/dispute"));
            var again = await consumer.Post($"{transfer.Path}/acknowledge", receipt);

            again.ShouldBe(HttpStatusCode.OK).Headers.Contains("Idempotent-Replayed").Should().BeTrue();
            again["disputed"].Should().Be("True");
        }
    }

    [Fact]
    public async Task Both_parties_resolve_a_dispute_or_the_platform_does()
    {
        var (shared, decided) = (await app.Deliver(), await app.Deliver());
        await app.As("provider").Post($"{shared.Path}/dispute");
        await app.As("consumer").Post($"{decided.Path}/dispute");

        (await app.As("consumer").Post($"{shared.Path}/resolve")).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("True");
        (await app.As("provider").Post($"{shared.Path}/resolve")).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        (await app.As("admin").Post($"{decided.Path}/resolve")).ShouldBe(HttpStatusCode.OK)["disputed"].Should().Be("False");
        (await app.As("provider").Post($"{decided.Path}/resolve")).ShouldBeRefused(HttpStatusCode.Conflict, "not_disputed");
    }

    [Fact]
    public async Task A_study_served_in_part_is_disputed_a_day_after_the_window()
    {
        await using var own = await OwnApp.Start();
        var (part, untouched) = (await own.App.Deliver(), await own.App.Deliver());
        await part.Range(await part.Open(), "bytes=0-999");
        await Delivered.Eventually(async () => await part.Leases() == 0, "the download is settled");

        own.App.Clock.Advance(Window.Default + Window.Grace - TimeSpan.FromMinutes(1));
        await own.App.Run<ReviewMetersJob>();
        (await part.Read())["disputed"].Should().Be("False");
        own.App.Clock.Advance(TimeSpan.FromMinutes(2));
        await own.App.Run<ReviewMetersJob>();
        await own.App.Run<ReviewMetersJob>();

        (await part.Read()).Json.GetProperty("disputes").EnumerateArray().Select(d => d.GetProperty("reason").GetString())
            .Should().Equal("served_in_part");
        (await untouched.Read())["disputed"].Should().Be("False");
    }
}
