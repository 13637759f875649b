using System.Globalization;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

public sealed class ViewTests
{
    [Fact]
    public async Task Half_a_picture_is_a_view_and_delivers_exactly_once_under_parallel_downloads()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(instances: 8, size: 200_000);
        var urls = new[] { await transfer.Open(), await transfer.Open() };

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => transfer.Download(urls[i % 2])));
        await Delivered.Eventually(async () => await transfer.Leases() == 0, "all downloads are settled");

        (await transfer.Views()).Should().Be("1");
        (await own.App.CountEvents("transfer.delivered", transfer.Id)).Should().Be(1);
        (await transfer.Egress()).Should().Be(10 * transfer.Study.SizeBytes);
        (await transfer.Read())["meter.served.bytes"].Should().Be(transfer.Study.PayloadBytes.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_view_covers_the_opens_of_an_hour_and_the_next_open_is_another_view()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        await transfer.View();

        own.App.Clock.Advance(Transfer.ViewCoverage - TimeSpan.FromMinutes(1));
        await transfer.View();
        (await transfer.Views()).Should().Be("1");
        own.App.Clock.Advance(TimeSpan.FromMinutes(2));
        await transfer.View();

        (await transfer.Views()).Should().Be("2");
        (await own.App.CountEvents("transfer.delivered", transfer.Id)).Should().Be(1);
    }

    [Fact]
    public async Task Less_than_half_is_not_a_view_and_the_rest_under_the_same_open_completes_it()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(instances: 1, size: 100_000);
        var url = await transfer.Open();

        (await transfer.Range(url, "bytes=0-39999")).ShouldBe(HttpStatusCode.PartialContent);
        await Delivered.Eventually(
            async () => await transfer.Egress() == 40_000 && await transfer.Leases() == 0, "the first part is settled");
        (await transfer.Views()).Should().Be("0");
        (await transfer.Range(url, "bytes=40000-69999")).ShouldBe(HttpStatusCode.PartialContent);
        await Delivered.Eventually(async () => await transfer.Leases() == 0, "the second part is settled");

        await Delivered.Eventually(async () => await transfer.Views() == "1", "the view is counted");
    }

    [Fact]
    public async Task A_study_resumed_under_a_new_open_is_delivered()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver(instances: 1, size: 100_000);

        await transfer.Range(await transfer.Open(), "bytes=0-39999");
        await transfer.Range(await transfer.Open(), "bytes=40000-");

        await Delivered.Eventually(async () => (await transfer.Read())["deliveredAt"] is not null, "it is delivered");
    }

    [Fact]
    public async Task Egress_beyond_the_allowance_is_disputed()
    {
        await using var own = await OwnApp.Start();
        var transfer = await own.App.Deliver();
        var url = await transfer.Open();

        for (var i = 0; i < Transfer.EgressAllowance; i++) await transfer.Download(url);
        await Delivered.Eventually(async () => await transfer.Leases() == 0, "the downloads are settled");
        (await transfer.Read())["disputed"].Should().Be("False");
        await transfer.Range(url, "bytes=0-99");

        await Delivered.Eventually(async () => (await transfer.Read())["disputed"] == "True", "it is disputed");
        (await own.App.CountEvents("transfer.disputed", transfer.Id)).Should().Be(1);
    }
}
