using Aegis.Kernel.Web.Refusals;
using Aegis.Studies.Content.Archive;
using Aegis.Studies.Metering;
using Aegis.Studies.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Studies.Metering;

/// <summary>
/// One random history of a transfer on two hosts that share its rows: ranges, broken connections, dying hosts, passing hours. After each
/// step the rows are compared with the model.
/// </summary>
internal sealed class MeterHistory(AegisApp app, int seed)
{
    private const int Steps = 18;
    private static readonly double[] Minutes = [0.2, 3, 29, 31, 59, 61, 130, 400];

    private readonly Seeded random = new((ulong)seed);
    private readonly StoppedClock clock = new();
    private readonly List<(StreamLedger Host, StreamAccount Account, ModelStream Model)> running = [];
    private readonly List<ModelStream> ended = [];
    private StreamLedger[] hosts = [];
    private DeliveredTransfer transfer = null!;
    private MeterModel model = null!;

    /// <summary>The number of counted views, for the report.</summary>
    public int Views => model.Views;

    public async Task Run()
    {
        await Prepare();
        for (var step = 0; step < Steps; step++)
        {
            var what = await Step();
            await Compare($"seed {seed}, step {step}: {what}");
        }
    }

    private async Task Prepare()
    {
        hosts = [NewHost(), NewHost()];
        var (contents, counted, smallest) = (new List<byte[]>(), new HashSet<long>(), double.MaxValue);
        for (var (i, at) = ((1 + random.Below(3)), 0L); i > 0; i--)
        {
            var (pixels, frames) = (2 * (5 + random.Below(75)), (1 + random.Below(3)));
            var isObject = contents.Count > 0 && random.Below(4) == 0;
            var file = isObject ? Pictures.KeyObject(2 * (210 + random.Below(40))) : Pictures.Image(pixels, frames);
            if (!isObject) smallest = Math.Min(smallest, (double)pixels / frames);
            for (var n = isObject ? 0 : file.Length - pixels; n < file.Length; n++) counted.Add(at + n);
            contents.Add(file);
            at += file.Length;
        }

        int? maxViews = random.Below(3) == 0 ? null : (1 + random.Below(3));
        transfer = await app.Deliver(contents: contents, maxViews: maxViews);
        model = new MeterModel(counted, Math.Max(1, smallest / 2), maxViews);
    }

    private async Task<string> Step()
    {
        var dice = random.Below(100);
        if (running.Count == 0 || dice < 28) return await Begin();
        if (dice >= 90)
        {
            clock.Advance(TimeSpan.FromMinutes(Minutes[random.Below(Minutes.Length)]));
            return "time passes";
        }

        if (dice >= 86) return Die();
        var stream = running[random.Below(running.Count)];
        if (dice >= 78) return await Flush(stream);
        if (dice < 58) return await Send(stream, random.Below((int)(stream.Model.To - stream.Model.Position) + 1), random.Below(2) * 7);
        if (dice >= 70) return await Settle(stream, "breaks off");
        var rest = stream.Model.To - stream.Model.Position;
        await Send(stream, rest, stream.Model.Asked - stream.Model.Bytes - rest);
        return await Settle(stream, "ends");
    }

    private async Task<string> Begin()
    {
        var length = transfer.Study.PayloadBytes;
        var isPartial = random.Below(5) > 0;
        var (from, to) = (0L, length);
        if (isPartial && ended.Count > 0 && random.Below(2) == 0)
        {
            var before = ended[random.Below(ended.Count)];
            (from, to) = (Math.Max(0, before.Position - random.Below(3)), before.To);
        }
        else if (isPartial)
        {
            from = random.Below((int)length);
            to = from + random.Below((int)Math.Min(length - from, 400) + 1);
        }

        if (to < from) to = from;
        var piece = new StreamPiece(from, to, to - from + (7 * Steps), isPartial); // leaves bytes for framing
        var host = hosts[random.Below(2)];
        var ticket = new ServedTicket("ticket", clock.GetUtcNow(), null, await app.InStudies(db =>
            db.Transfers.AsNoTracking().Include(t => t.Key).FirstAsync(t => t.Id == transfer.Id)));
        var expected = model.Begin(from, to, piece.Bytes, isPartial, clock.GetUtcNow());
        try
        {
            var account = await host.Begin(ticket, piece, CancellationToken.None);
            expected.Should().NotBeNull("seed {0}: the views are used and nothing covers [{1}, {2})", seed, from, to);
            running.Add((host, account, expected!));
            return $"[{from}, {to}) begins";
        }
        catch (RefusedException refused)
        {
            (refused.Code, expected).Should().Be(("views_exhausted", null), "seed {0}: [{1}, {2})", seed, from, to);
            return "refused";
        }
    }

    private async Task<string> Send((StreamLedger Host, StreamAccount Account, ModelStream Model) stream, long payload, long framing)
    {
        var at = stream.Model.Position;
        var slice = payload == 0 ? new ServedSlice(0, 0, (int)framing) : new ServedSlice(at, at + payload, (int)(payload + framing));
        var due = stream.Account.Meter.Count(slice);
        model.Send(stream.Model, payload, slice.Bytes).Should().Be(due, "seed {0}: a view is looked for where it may be due", seed);
        if (due) await Flush(stream);
        return $"[{at}, {at + payload}) is sent";
    }

    private async Task<string> Flush((StreamLedger Host, StreamAccount Account, ModelStream Model) stream)
    {
        model.Flush(stream.Model, clock.GetUtcNow());
        await stream.Host.Flush(stream.Account);
        return "stored";
    }

    private async Task<string> Settle((StreamLedger Host, StreamAccount Account, ModelStream Model) stream, string how)
    {
        if (how != "ends" && random.Below(2) == 0)
        {
            // a buffer that was not sent completely
            stream.Account.Meter.Count(new ServedSlice(stream.Model.Position, stream.Model.Position, 3));
            model.Send(stream.Model, 0, 3);
        }

        running.Remove(stream);
        ended.Add(stream.Model);
        model.Settle(stream.Model, clock.GetUtcNow());
        await stream.Host.Settle(stream.Account);
        return how;
    }

    /// <summary>Kills a host: its memory is lost, its leases stay, and another host starts.</summary>
    private string Die()
    {
        var dead = random.Below(2);
        ended.AddRange(running.Where(r => r.Host == hosts[dead]).Select(r => r.Model));
        running.RemoveAll(r => r.Host == hosts[dead]);
        hosts[dead] = NewHost();
        return "a host dies";
    }

    private async Task Compare(string when)
    {
        var (now, leases) = await app.InStudies(async db => (
            await db.Transfers.AsNoTracking().Include(t => t.Meter).FirstAsync(t => t.Id == transfer.Id),
            await db.Leases.AsNoTracking().Where(l => l.TransferId == transfer.Id).ToListAsync()));
        var meter = now.Meter!;
        var (atMost, egressAtMost) = meter.AtMost(leases);
        var served = IntervalSet.FromBytes(meter.ServedIntervals);

        (meter.Served, meter.Egress).Should().Be((model.Served.Count, model.ServedBytes), when);
        model.Served.All(served.Contains).Should().BeTrue(when);
        meter.Served.Should().BeLessThanOrEqualTo(Math.Min(model.SentBytes, model.Sent.Count), when);
        atMost.Should().BeGreaterThanOrEqualTo(model.Sent.Count, when);
        egressAtMost.Should().BeGreaterThanOrEqualTo(model.SentBytes, when);
        (now.Views, now.DeliveredAt is not null).Should().Be((model.Views, model.Views > 0), when);
        meter.Uncovered().Total.Should().Be(model.Uncovered.Count, when);
        ((double)model.Uncovered.Count).Should().BeLessThan(model.Half, when);
        if (now.MaxViews is { } max) now.Views.Should().BeLessThanOrEqualTo(max, when);
    }

    private StreamLedger NewHost() =>
        new(app.Services.GetRequiredService<IServiceScopeFactory>(), clock, NullLogger<StreamLedger>.Instance);

    /// <summary>Time passes only in this step, so that model and rows agree on what was before the end of an hour.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private DateTimeOffset now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan by) => now += by;
    }
}
