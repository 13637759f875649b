using Aegis.Auth.Access.Permissions;
using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Webhooks;
using Aegis.Webhooks.Endpoints;
using Aegis.Webhooks.Sending;

namespace Aegis.Tests.Webhooks;

/// <summary>
/// An app in which each test creates its own organizations, so that tests do not receive each other's events. <see cref="Receiver"/>
/// records what endpoints are sent, and <see cref="Registered"/> is an endpoint as its owner sees it. <see cref="Raise"/> stores an event
/// for the relay, <see cref="Pass"/> moves the clock and wakes the dispatcher, and Eventually waits for the result. Tests fail if it takes
/// too long.
/// </summary>
public sealed class WebhooksApp : IAsyncLifetime
{
    private AuthApp auth = null!; // set by Start or InitializeAsync

    public AegisApp App { get; private set; } = null!;

    public TestClock Clock => App.Clock;

    public static async Task<WebhooksApp> Start(Action<IServiceCollection>? register = null, params (string Key, string? Value)[] settings)
    {
        var app = new WebhooksApp { App = await AegisApp.StartWith(register ?? (_ => { }), settings) };
        app.auth = AuthApp.On(app.App);
        return app;
    }

    public async Task InitializeAsync()
    {
        App = await AegisApp.Start();
        auth = AuthApp.On(App);
    }

    public Task DisposeAsync() => App.DisposeAsync();

    /// <summary>A client of an organization with these scopes. Default: all scopes.</summary>
    internal async Task<ApiClient> Of(string organization, params string[] scopes) =>
        auth.With(await auth.Key(organization, scopes.Length == 0 ? ScopeCatalogue.All.ToArray() : scopes, Roles.Admin));

    /// <summary>A key with these scopes and partners, and a client that uses it.</summary>
    internal async Task<(TestKey Key, ApiClient Client)> Keyed(string organization, string[] scopes, string[]? partners = null)
    {
        var key = await auth.Key(organization, scopes, Roles.Admin, partners);
        return (key, auth.With(key));
    }

    internal Task Revoke(TestKey key) => auth.Revoke(key);

    /// <summary>Creates an organization, and a client of its admin.</summary>
    public async Task<(string Organization, ApiClient Client)> NewOrganization()
    {
        var id = Ids.New("cons", Clock.GetUtcNow());
        var now = Clock.GetUtcNow();
        await App.Use<Aegis.Auth.Persistence.AuthDb>(async db =>
        {
            db.Add(Aegis.Auth.Tenancy.Organizations.Organization.Create(id, "Webhook test", isProvider: false, isConsumer: true, now));
            await db.SaveChangesAsync();
        });
        return (id, await Of(id));
    }

    /// <summary>Raises an event as a module does: it is stored with a commit and handled by the relay.</summary>
    /// <param name="organization">Organization of the event.</param>
    /// <param name="transfer">Id of the object. Default: a new transfer.</param>
    /// <param name="happened">The event. Default: a delivered transfer.</param>
    /// <param name="dueIn">When the relay may handle it. A later time simulates a claim by another host.</param>
    public async Task<string> Raise(string organization, string? transfer = null, IEvent? happened = null, TimeSpan dueIn = default)
    {
        // Within one millisecond ids sort by a counter of the process. Parallel tests with other clocks may reset it.
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var id = transfer ?? Ids.New("trf", Clock.GetUtcNow());
        await App.Use<KernelDb>(async db =>
        {
            var now = Clock.GetUtcNow();
            var one = happened ?? new TransferDelivered(id, "req_1", organization, "prov_123", [organization]);
            db.Outbox.Add(new OutboxRow
            {
                Id = Ids.New("evt", now),
                Name = App.Services.GetRequiredService<EventCatalog>().NameOf(one.GetType()),
                ObjectId = one.ObjectId,
                Body = EventCatalog.Write(one),
                OccurredAt = now,
                DueAt = now + dueIn,
            });
            await db.SaveChangesAsync();
        });
        return id;
    }

    /// <summary>Registers an endpoint and waits until it has this status.</summary>
    internal static async Task<Registered> Register(ApiClient client, string url, string? until = "enabled", params string[] events)
    {
        var made =
            (await client.Post("/v1/webhooks", new { url, events = events.Length == 0 ? ["*"] : events })).ShouldBe(HttpStatusCode.Created);
        var registered = new Registered(made.Id, made["secret"]!, client);
        if (until is not null) await Eventually(async () => (await registered.Get())["status"] == until);
        return registered;
    }

    /// <summary>Moves the clock, by a second or more, and lets the dispatcher look for due deliveries.</summary>
    public void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        Notify();
    }

    /// <summary>Lets the dispatcher look at these endpoints, and at all of them if a second has passed.</summary>
    public void Notify(params string[] endpoints) => App.Services.GetRequiredService<Dispatcher>().Notify(endpoints);

    public Task Watch() => App.Run<WatchJob>();

    internal static async Task Eventually(Func<Task<bool>> condition, double seconds = 20)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(seconds));
            await Task.Delay(20);
        }
    }

    internal static Task Eventually(Func<bool> condition, double seconds = 20) => Eventually(() => Task.FromResult(condition()), seconds);
}

/// <summary>An endpoint, its secret and a client of its owner.</summary>
internal sealed record Registered(string Id, string Secret, ApiClient Owner)
{
    public async Task<ApiResponse> Get() => (await Owner.Get($"/v1/webhooks/{Id}")).ShouldBe(HttpStatusCode.OK);

    /// <summary>Deliveries without pings, newest first.</summary>
    public async Task<List<JsonElement>> Deliveries(string? status = null) =>
        (await Owner.Get($"/v1/webhooks/{Id}/deliveries?limit=200{(status is null ? "" : $"&status={status}")}")).ShouldBe(
            HttpStatusCode.OK).Json.GetProperty("items")
            .EnumerateArray().Where(d => d.GetProperty("type").GetString() != "webhook.ping").ToList();
}
