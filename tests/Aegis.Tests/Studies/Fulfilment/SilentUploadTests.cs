using System.IO.Pipelines;
using Aegis.Kernel.Web.Refusals;
using Aegis.Studies;
using Aegis.Studies.Fulfilment;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>A sender that lost power sends nothing more, but its connection stays open.</summary>
public sealed class SilentUploadTests
{
    [Fact]
    public async Task An_upload_whose_sender_goes_silent_frees_the_request()
    {
        await using var own = await OwnApp.Start(("Studies:MaxUploadSilenceSeconds", "2"));
        var id = await own.App.AskForJaneDoe();
        using var upload = await HalfUpload.Send(own.App, id, Parcel.Jane.Files()[0]);

        // the limit of the average rate applies only after half a minute
        var answer = await upload.Answer().WaitAsync(TimeSpan.FromSeconds(20));

        answer.Should().StartWith("HTTP/1.1 408").And.Contain("\"body_too_slow\"");
        (await own.App.StatusOf(id)).Should().Be("pending");
        own.App.ContentFiles().Should().BeEmpty();
        (await own.App.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_silence_limit_is_90_seconds_from_the_last_byte()
    {
        var clock = new HandClock();
        var limits = StudiesOptions.From(new ConfigurationBuilder().Build());
        var pipe = new Pipe();
        await using var body =
            new UploadBody(pipe.Reader.AsStream(), announced: null, limits.MaxUploadBytes, limits.MaxUploadSilence, clock);
        var buffer = new byte[10];

        for (var i = 0; i < 3; i++)
        {
            var read = body.ReadAsync(buffer);
            clock.Advance(TimeSpan.FromSeconds(89));
            await pipe.Writer.WriteAsync(new byte[1]);
            (await read).Should().Be(1);
        }

        var silent = body.ReadAsync(buffer).AsTask();
        clock.Advance(TimeSpan.FromSeconds(89));
        silent.IsCompleted.Should().BeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await FluentActions.Awaiting(() => silent).Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be("body_too_slow");
    }

    [Fact]
    public async Task A_cancelled_call_is_not_refused_as_silent()
    {
        using var over = new CancellationTokenSource();
        await using var body =
            new UploadBody(new Pipe().Reader.AsStream(), announced: null, 10, TimeSpan.FromHours(1), TimeProvider.System);
        var read = body.ReadAsync(new byte[10], over.Token).AsTask();

        await over.CancelAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>A clock whose timers fire when the test advances it.</summary>
    private sealed class HandClock : TimeProvider
    {
        private readonly List<HandTimer> timers = [];
        private TimeSpan now;

        public void Advance(TimeSpan by)
        {
            now += by;
            foreach (var due in timers.Where(t => t.DueAt <= now).ToList())
            {
                timers.Remove(due);
                due.Ring();
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(this, callback, state, now + dueTime);
            timers.Add(timer);
            return timer;
        }

        private sealed class HandTimer(HandClock clock, TimerCallback callback, object? state, TimeSpan dueAt) : ITimer
        {
            public TimeSpan DueAt => dueAt;

            public void Ring() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => clock.timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
