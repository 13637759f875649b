using System.Globalization;
using Aegis.Studies.Metering;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>A view is half of the smallest picture, in whatever parts it is downloaded.</summary>
public sealed class PictureViewTests : IAsyncLifetime
{
    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Leaving_out_the_last_byte_of_each_instance_does_not_evade_a_view()
    {
        var transfer = await app.Deliver(contents: [.. Enumerable.Range(0, 24).Select(_ => Pictures.Image(20_000))], maxViews: 1);
        var length = transfer.Study.PayloadBytes / 24;

        for (var round = 0; round < 3; round++)
        {
            var url = await transfer.Open();
            for (var i = 0; i < 24; i++) (await transfer.Piece(url, i, 0, length - 1)).ShouldBe(HttpStatusCode.PartialContent);
        }

        await transfer.Settled();
        var read = await transfer.Read();
        (read["meter.views"], read["deliveredAt"] is not null).Should().Be(("1", true));
        (await app.CountEvents("transfer.delivered", transfer.Id)).Should().Be(1);
        app.Clock.Advance(Transfer.ViewCoverage);
        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Half_of_one_of_a_thousand_frames_is_a_view_in_ranges_of_every_size(int size)
    {
        var image = Pictures.Image(100_000, frames: 1_000);
        var transfer = await app.Deliver(contents: [image]);
        var (url, first) = (await transfer.Open(), Pictures.PixelsAt(image, 100_000));
        await transfer.Piece(url, 0, 0, first); // the header is not part of the picture
        var needed = (50 + size - 1) / size;

        for (var i = 0; i < needed; i++)
        {
            await transfer.Settled();
            (await transfer.Views()).Should().Be("0", "{0} ranges of {1} bytes are less than half a frame", i, size);
            var from = first + (long)(i * 2 % 1_000 * size % (100_000 - size + 1)); // every second piece, so that they are not adjacent
            await transfer.Piece(url, 0, from, from + size);
        }

        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
    }

    [Fact]
    public async Task A_small_object_without_pixels_is_not_a_picture_if_the_study_has_pictures()
    {
        var transfer = await app.Deliver(contents: [Pictures.KeyObject(700), Pictures.Image(20_000), Pictures.Image(30_000)]);
        var url = await transfer.Open();

        for (var i = 0; i < 5; i++) (await transfer.Piece(url, 0, 0, 700)).Body.Should().HaveCount(700);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("0");
        var header = Pictures.PixelsAt(Pictures.Image(20_000), 20_000);
        await transfer.Piece(url, 1, 0, header + 9_299); // 700 bytes of the object also count
        await transfer.Settled();
        (await transfer.Views()).Should().Be("0");
        await transfer.Piece(url, 2, 0, header + 1);

        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
    }

    [Fact]
    public async Task Half_of_a_study_of_one_small_object_is_a_view()
    {
        // odd sizes are not possible; 701 becomes 702
        var transfer = await app.Deliver(contents: [Pictures.KeyObject(701), Pictures.KeyObject(900)]);
        var url = await transfer.Open();

        await transfer.Piece(url, 0, 0, 349);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("0");
        await transfer.Piece(url, 0, 200, 351);

        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
    }

    [Fact]
    public async Task Parts_under_different_opens_add_up_to_views()
    {
        var image = Pictures.Image(40_000);
        var transfer = await app.Deliver(contents: [image, image], maxViews: 2);
        var first = Pictures.PixelsAt(image, 40_000);
        await transfer.View();
        app.Clock.Advance(Transfer.ViewCoverage);

        var (a, b) = (await transfer.Open(), await transfer.Open());
        await transfer.Piece(a, 0, first, first + 19_999);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
        await transfer.Piece(b, 1, first + 39_000, first + 39_001);

        await transfer.Settled();
        (await transfer.Views()).Should().Be("2");
        app.Clock.Advance(Transfer.ViewCoverage);
        (await app.As("consumer").Post($"{transfer.Path}/open")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
    }

    [Fact]
    public async Task A_ticket_serves_nothing_after_the_last_view_and_its_hour()
    {
        var transfer = await app.Deliver(maxViews: 1);
        await transfer.View();
        app.Clock.Advance(Transfer.ViewCoverage - TimeSpan.FromMinutes(1));
        var url = await transfer.Open();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        (await app.Anonymous.Get(url)).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
        (await transfer.Range(url, "bytes=0-0")).ShouldBeRefused(HttpStatusCode.Conflict, "views_exhausted");
    }

    [Fact]
    public async Task Ranges_of_one_byte_count_exactly_what_was_sent()
    {
        const int Ranges = 1_200;
        var transfer = await app.Deliver(contents: [Pictures.Image(400_000)]);
        var urls = new[] { await transfer.Open(), await transfer.Open() };

        await Parallel.ForAsync(0, Ranges, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
            (await transfer.Piece(urls[i % 2], 0, i * 330, i * 330 + 1)).ShouldBe(HttpStatusCode.PartialContent));

        await transfer.Settled();
        var read = await transfer.Read();
        (read["meter.served.bytes"], read["meter.served.egressBytes"], read["meter.served.atMostBytes"])
            .Should().Be(("1200", "1200", "1200"));
        (read["meter.views"], read["deliveredAt"]).Should().Be(("0", null));
    }

    [Fact]
    public async Task Too_many_pieces_are_refused_until_larger_ones_are_downloaded()
    {
        var image = Pictures.Image(200_000, frames: 2);
        var transfer = await app.Deliver(contents: [image]);
        var (url, first) = (await transfer.Open(), Pictures.PixelsAt(image, 200_000));
        var pieces = new IntervalSet();
        for (var i = 0; i < Transfer.SparePieces + 2; i++) pieces.Add(i * 2, i * 2 + 1);
        await app.InStudies(db => db.Meters.Where(m => m.Id == transfer.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.UncoveredIntervals, pieces.ToBytes())));

        (await transfer.Piece(url, 0, first + 100_000, first + 100_001)).ShouldBeRefused(HttpStatusCode.TooManyRequests, "too_many_pieces");
        (await transfer.Piece(url, 0, 0, first)).ShouldBe(HttpStatusCode.PartialContent); // without picture bytes
        (await transfer.Piece(url, 0, first + 1, first + 2)).ShouldBe(HttpStatusCode.PartialContent); // joins two pieces
        await transfer.Settled();
        (await transfer.Piece(url, 0, first + 100_000, first + 100_001)).ShouldBe(HttpStatusCode.PartialContent);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("0");

        (await transfer.Download(url)).Should().HaveCount((int)transfer.Study.SizeBytes);
        await transfer.Settled();
        (await transfer.Views()).Should().Be("1");
    }

    [Fact]
    public async Task A_running_range_also_counts_as_a_piece()
    {
        var image = Pictures.Image(200_000);
        var transfer = await app.Deliver(contents: [image]);
        var (url, first) = (await transfer.Open(), Pictures.PixelsAt(image, 200_000));
        var pieces = new IntervalSet();
        for (var i = 0; i < Transfer.SparePieces; i++) pieces.Add(i * 2, i * 2 + 1); // one less than the limit: the image has one frame
        await app.InStudies(db => db.Meters.Where(m => m.Id == transfer.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.UncoveredIntervals, pieces.ToBytes())));
        await transfer.HoldOpen();

        (await transfer.Piece(url, 0, first + 100_000, first + 100_001)).ShouldBeRefused(HttpStatusCode.TooManyRequests, "too_many_pieces");
        await app.InStudies(db => db.Leases.Where(l => l.TransferId == transfer.Id).ExecuteDeleteAsync());

        (await transfer.Piece(url, 0, first + 100_000, first + 100_001)).ShouldBe(HttpStatusCode.PartialContent);
    }

    [Fact]
    public async Task A_meter_with_too_many_pieces_still_gives_a_lower_and_an_upper_bound()
    {
        var transfer = await app.Deliver(contents: [Pictures.Image(200_000)]);
        var url = await transfer.Open();
        var pieces = new IntervalSet();
        for (var i = 0; i < Meter.MaxIntervals; i++) pieces.Add(i * 4, i * 4 + 1);
        await app.InStudies(db => db.Meters.Where(m => m.Id == transfer.Id).ExecuteUpdateAsync(s => s
            .SetProperty(m => m.ServedIntervals, pieces.ToBytes()).SetProperty(m => m.Served, pieces.Total)));

        await transfer.Piece(url, 0, 100_000, 100_002);
        await transfer.Settled();

        var read = await transfer.Read(); // one piece of one byte was dropped, and the upper bound closed a gap of three
        (read["meter.served.bytes"], read["meter.served.atMostBytes"])
            .Should().Be(($"{Meter.MaxIntervals + 1}", $"{Meter.MaxIntervals + 5}"));
    }

    [Fact]
    public async Task Bytes_that_a_killed_host_may_have_sent_are_not_a_view()
    {
        var transfer = await app.Deliver(contents: [Pictures.Image(40_000)]);
        await app.InStudies(async db =>
        {
            db.Leases.Add(new StreamLease(transfer.Id, 0, transfer.Study.PayloadBytes, transfer.Study.SizeBytes, app.Clock.GetUtcNow()));
            return await db.SaveChangesAsync();
        });

        await transfer.Range(await transfer.Open(), "bytes=0-0");

        await Delivered.Eventually(async () => await transfer.Leases() == 1, "the range is settled");
        var read = await transfer.Read();
        (read["meter.views"], read["deliveredAt"]).Should().Be(("0", null));
        read["meter.served.atMostBytes"].Should().Be(transfer.Study.PayloadBytes.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_transfer_without_a_threshold_serves_nothing_until_it_is_opened_or_the_job_has_run()
    {
        var (opened, read) = (await app.Deliver(), await app.Deliver());
        var urls = (await opened.Open(), await read.Open());
        await app.InStudies(db => db.Transfers.Where(t => t.Id == opened.Id || t.Id == read.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.ViewThreshold, (long?)null)));
        (await app.Anonymous.Get(urls.Item1)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");
        (await app.Anonymous.Get(urls.Item2)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");

        await opened.Open();
        (await app.Anonymous.Get(urls.Item2)).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");
        await app.Run<AdoptViewRulesJob>();

        (await app.Anonymous.Get(urls.Item1)).ShouldBe(HttpStatusCode.OK);
        (await app.Anonymous.Get(urls.Item2)).ShouldBe(HttpStatusCode.OK);
    }
}
