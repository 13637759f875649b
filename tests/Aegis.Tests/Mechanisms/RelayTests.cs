using System.Collections.Concurrent;
using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Studies.Requests;

namespace Aegis.Tests.Mechanisms;

/// <summary>
/// Committed events reach their handlers at least once and have one effect.
/// This folder tests the mechanisms of Aegis.Kernel, one class for each. <see cref="HandlerScenarios"/> has the handlers of all modules for
/// <see cref="HandlerFailureTests"/>. <see cref="VaultThings"/> and <see cref="PlainCredentials"/> make the data for <see
/// cref="RingRotationTests"/>.
/// </summary>
public sealed class RelayTests
{
    [Fact]
    public async Task Two_hosts_on_one_database_handle_each_event_once()
    {
        var recorder = new Recorder();
        var first = await AegisApp.StartWith(recorder.Register);
        var second = await first.StartAnotherHost();
        var hosts = new[] { first, second };

        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hosts[i % 2].AskForJaneDoe()));

        await Eventually(() => ids.All(recorder.Handled.ContainsKey));
        await Task.Delay(1_500); // longer than a poll, in which a second delivery would come
        ids.Should().OnlyContain(id => recorder.Handled[id] == 1);
        (await Waiting(first)).Should().Be(0);
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_repeated_delivery_after_a_crash_has_no_second_effect()
    {
        var recorder = new Recorder();
        var app = await AegisApp.StartWith(recorder.Register);
        var id = await app.AskForJaneDoe();
        await Eventually(() => recorder.Handled.ContainsKey(id));
        await Eventually(async () => await Waiting(app) == 0);

        // The same state as after a kill between the handler's save and the mark on the event.
        await app.Use<KernelDb>(db => db.Outbox.ExecuteUpdateAsync(set => set.SetProperty(r => r.State, OutboxState.Waiting)));
        await Eventually(async () => await Waiting(app) == 0);

        recorder.Handled[id].Should().Be(1);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_event_is_retried_later_and_does_not_delay_others()
    {
        var recorder = new Recorder();
        var app = await AegisApp.StartWith(recorder.Register);
        await Eventually(() => recorder.Handled.Count == 1); // the sandbox's own request
        recorder.FailFirst = true;
        var failing = await app.AskForJaneDoe();
        await Eventually(() => recorder.Failed.ContainsKey(failing));

        var other = await app.AskForJaneDoe();
        await Eventually(() => recorder.Handled.ContainsKey(other));
        recorder.Handled.Should().NotContainKey(failing);
        app.Clock.Advance(TimeSpan.FromMinutes(2)); // after backoff and lease

        await Eventually(() => recorder.Handled.ContainsKey(failing));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_always_fails_is_parked_and_logged()
    {
        var recorder = new Recorder { FailAlways = true };
        var app = await AegisApp.StartWith(recorder.Register);
        var id = await app.AskForJaneDoe();

        await Eventually(async () =>
        {
            app.Clock.Advance(TimeSpan.FromHours(2)); // after every backoff
            await app.Services.GetRequiredService<Relay>().RelayBatch(CancellationToken.None);
            return await Waiting(app) == 0;
        });

        recorder.Failed[id].Should().Be(12);
        app.Logs.Lines.Should().Contain(l => l.Contains("was parked after 12 failed attempts", StringComparison.Ordinal));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_event_in_a_batch_does_not_delay_the_others()
    {
        var recorder = new Recorder();
        var app = await AegisApp.StartWith(services =>
        {
            services.AddSingleton(recorder);
            services.AddHandlerOfMany<NoteMany, KernelDb>(nameof(NoteMany), [typeof(RequestCreated)]);
        });
        await Eventually(() => recorder.Handled.Count == 1); // the sandbox's own request
        var poison = await app.AskForJaneDoe();
        await Eventually(async () => await Waiting(app) == 0);
        recorder.Poison = poison;
        await app.Use<KernelDb>(db => db.Inbox.ExecuteDeleteAsync());
        recorder.Handled.Clear();
        var others = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.AskForJaneDoe()));

        await app.Use<KernelDb>(db => db.Outbox.ExecuteUpdateAsync(set => set.SetProperty(r => r.State, OutboxState.Waiting)));

        await Eventually(() => others.All(recorder.Handled.ContainsKey));
        await Eventually(async () => await Waiting(app) == 1);
        recorder.Handled.Should().NotContainKey(poison);
        recorder.Handled.Values.Should().OnlyContain(times => times == 1);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_was_parked_for_a_long_time_has_no_second_effect()
    {
        var recorder = new Recorder();
        var app = await AegisApp.StartWith(recorder.Register);
        var id = await app.AskForJaneDoe();
        await Eventually(() => recorder.Handled.ContainsKey(id));
        await Eventually(async () => await Waiting(app) == 0);
        await app.Use<KernelDb>(db => db.Outbox.Where(r => r.ObjectId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, OutboxState.Parked)));

        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.Run<SweepKernelTables>();
        await app.Use<KernelDb>(db => db.Outbox.Where(r => r.ObjectId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, OutboxState.Waiting)));
        await Eventually(async () => await Waiting(app) == 0);

        recorder.Handled[id].Should().Be(1);
        (await app.Use<KernelDb, int>(
            db => db.Inbox.CountAsync(r => r.HandledAt < app.Clock.GetUtcNow().AddDays(-1) && !db.Outbox.Any(o => o.Id == r.EventId))))
                .Should().Be(0);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task An_unreadable_event_does_not_delay_the_others()
    {
        var recorder = new Recorder();
        var app = await AegisApp.StartWith(recorder.Register);
        await Eventually(() => recorder.Handled.Count == 1); // the sandbox's own request
        await app.Use<KernelDb>(async db =>
        {
            db.Outbox.AddRange(Row("req_broken", "{"),
                Row("req_fine", EventCatalog.Write(new RequestCreated("req_fine", "cons_456", "prov_123", ["cons_456"]))));
            await db.SaveChangesAsync();
        });

        await Eventually(() => recorder.Handled.ContainsKey("req_fine"));
        await Eventually(async () =>
            await app.Use<KernelDb, string?>(db => db.Outbox.Where(r => r.ObjectId == "req_broken").Select(r => r.LastError)
                .SingleAsync()) is not null);
        (await Waiting(app)).Should().Be(1, "the broken one is retried, because another version may have written it");
        await app.DisposeAsync();

        OutboxRow Row(string id, string body) => new()
        {
            Id = Ids.New("evt", app.Clock.GetUtcNow()),
            Name = "request.created",
            ObjectId = id,
            Body = body,
            OccurredAt = app.Clock.GetUtcNow(),
            DueAt = app.Clock.GetUtcNow(),
        };
    }

    [Fact]
    public async Task Two_hosts_run_a_job_at_once_and_each_item_has_one_effect()
    {
        var first = await AegisApp.Start();
        var second = await first.StartAnotherHost();
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => first.AskForJaneDoe()));
        first.Clock.Advance(TimeSpan.FromDays(14));

        await Task.WhenAll(first.Run<ExpireRequestsJob>(), second.Run<ExpireRequestsJob>(), first.Run<ExpireRequestsJob>());

        foreach (var id in ids)
        {
            var audit = await first.As("consumer").Get($"/v1/audit?object={id}&action=request.expired");
            audit.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        }

        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    private static Task<int> Waiting(AegisApp app) =>
        app.Use<KernelDb, int>(db => db.Outbox.CountAsync(r => r.State == OutboxState.Waiting));

    private static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(20);
        }
    }

    /// <summary>The events that a handler handled and failed.</summary>
    private sealed class Recorder
    {
        public ConcurrentDictionary<string, int> Handled { get; } = new();

        public ConcurrentDictionary<string, int> Failed { get; } = new();

        public bool FailFirst { get; set; }

        public bool FailAlways { get; init; }

        public string? Poison { get; set; }

        public void Register(IServiceCollection services)
        {
            services.AddSingleton(this);
            services.AddHandler<Note, KernelDb>(nameof(Note));
        }
    }

    private sealed class Note(Recorder recorder) : IHandle<RequestCreated>
    {
        public Task Handle(RequestCreated happened, CancellationToken ct)
        {
            if (recorder.FailAlways || recorder.FailFirst)
            {
                recorder.FailFirst = false;
                recorder.Failed.AddOrUpdate(happened.ObjectId, 1, (_, n) => n + 1);
                throw new InvalidOperationException("The handler failed.");
            }

            recorder.Handled.AddOrUpdate(happened.ObjectId, 1, (_, n) => n + 1);
            return Task.CompletedTask;
        }
    }

    /// <summary>Records its events only when its save succeeds.</summary>
    private sealed class NoteMany(Recorder recorder, KernelDb db) : IHandleMany
    {
        public Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct)
        {
            if (events.Any(e => e.Happened.ObjectId == recorder.Poison)) throw new InvalidOperationException("The handler failed.");
            db.SavedChanges += (_, _) =>
            {
                foreach (var one in events) recorder.Handled.AddOrUpdate(one.Happened.ObjectId, 1, (_, n) => n + 1);
            };
            return Task.CompletedTask;
        }
    }
}
