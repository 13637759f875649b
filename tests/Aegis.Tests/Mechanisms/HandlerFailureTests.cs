using System.Globalization;
using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Xunit.Abstractions;

namespace Aegis.Tests.Mechanisms;

/// <summary>Handlers whose saves fail, and handlers that save when they must not.</summary>
public sealed class HandlerFailureTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(5); // more than the backoff after a first failure, less than a lease

    [Fact]
    public async Task Every_handler_has_its_whole_effect_once_whichever_save_fails()
    {
        var failure = new HandlerFailure();
        var app = await AegisApp.StartWith(failure.Register, ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", "9"),
            ("Smtp:From", "aegis@exchange.example"), ("Smtp:StartTls", "false"));
        var registered = app.Services.GetServices<HandlerRegistration>().Select(h => h.Name);
        registered.Should().BeEquivalentTo(HandlerScenarios.All.Keys, "a new handler needs a scenario in HandlerScenarios");

        foreach (var (handler, arrange) in HandlerScenarios.All)
        {
            await Run(handler, arrange, save: int.MaxValue, after: false);
            var saves = 0;
            foreach (var after in (bool[])[false, true])
            {
                for (saves = 0; await Run(handler, arrange, saves + 1, after); saves++)
                {
                }

                saves.Should().BePositive("{0} saves at least its receipt", handler);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{handler}: {saves} saves"));
        }

        await app.DisposeAsync();

        async Task<bool> Run(string handler, Func<AegisApp, Task<HandlerScenario>> arrange, int save, bool after)
        {
            var scenario = await arrange(app);
            await Settle(app);
            failure.Arm(handler, save, after);
            await scenario.Trigger();
            await Settle(app);
            var failed = failure.HasFailed;
            failure.Disarm();

            var because = $"{handler} with a failure {(after ? "after" : "before")} save {save}";
            await Delivered.Eventually(async () => await scenario.Effect() == scenario.Expected, because);
            return failed;
        }
    }

    [Fact]
    public async Task A_handler_whose_effect_the_relay_saves_cannot_save_itself()
    {
        var tried = new Attempts();
        var app = await AegisApp.StartWith(services => services.AddSingleton(tried).AddHandler<SavesItself, KernelDb>(nameof(SavesItself)));

        var id = await app.AskForJaneDoe();
        await Settle(app);

        tried.Outcomes.Where(o => o.Object == id).Select(o => o.Refusal).Should().HaveCount(5)
            .And.OnlyContain(r => r == "The handler 'SavesItself' must not save: the relay does. "
                + "Implement IHandleRepeatably to save in the handler.");
        (await app.Use<KernelDb, int>(db => db.Idempotency.CountAsync(r => r.Id == id))).Should().Be(1, "the relay saves it");
        await app.DisposeAsync();
    }

    [Fact]
    public void A_class_must_implement_exactly_one_handler_interface()
    {
        var both = () => new ServiceCollection().AddHandler<Both, KernelDb>(nameof(Both));
        var neither = () => new ServiceCollection().AddHandler<Attempts, KernelDb>(nameof(Attempts));

        both.Should().Throw<InvalidOperationException>()
            .WithMessage("Both must implement either IHandle or IHandleRepeatably.");
        neither.Should().Throw<InvalidOperationException>();
    }

    /// <summary>Waits until every event is handled, and moves the clock past the relay's backoff.</summary>
    private static Task Settle(AegisApp app) => Delivered.Eventually(
        async () =>
        {
            var waiting = await app.Use<KernelDb, List<OutboxRow>>(db => db.Outbox.AsNoTracking().Where(r => r.State == OutboxState.Waiting)
                .ToListAsync());
            var now = app.Clock.GetUtcNow();
            // Claimed events are due in a minute and are left alone.
            if (waiting.Find(r => r.LastError is not null && r.DueAt > now
                && r.DueAt - now < Backoff) is { } putOff) app.Clock.Advance(putOff.DueAt - now);
            return waiting.Count == 0;
        },
        "all events are handled");

    private sealed class Attempts
    {
        public List<(string Object, string? Refusal)> Outcomes { get; } = [];
    }

    private sealed class SavesItself(KernelDb db, Attempts tried) : IHandle<RequestCreated>
    {
        public async Task Handle(RequestCreated happened, CancellationToken ct)
        {
            db.Idempotency.Add(new IdempotencyRow { Id = happened.ObjectId, BodyDigest = "", ObjectId = happened.ObjectId, At = default });
            await Try(() => db.SaveChangesAsync(ct));
            await Try(() => db.Idempotency.ExecuteUpdateAsync(set => set.SetProperty(r => r.BodyDigest, "changed"), ct));
            await Try(() => db.Idempotency.ExecuteDeleteAsync(ct));
            await Try(() => db.Database.ExecuteSqlAsync($"DELETE FROM kernel_idempotency", ct));
            await Try(() => db.Database.BeginTransactionAsync(ct));

            async Task Try(Func<Task> save)
            {
                string? refusal = null;
                try
                {
                    await save();
                }
                catch (InvalidOperationException refused)
                {
                    refusal = refused.Message;
                }

                tried.Outcomes.Add((happened.ObjectId, refusal));
            }
        }
    }

    private sealed class Both : IHandle<RequestCreated>, IHandleRepeatably<RequestAccepted>
    {
        public Task Handle(RequestCreated happened, CancellationToken ct) => Task.CompletedTask;

        public Task Handle(RequestAccepted happened, CancellationToken ct) => Task.CompletedTask;
    }
}
