using Aegis.Auth.Access.Permissions;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Routes;

/// <summary>A call that succeeds once.</summary>
internal sealed record SampleCall(ApiClient Client, string Path, object? Body = null);

/// <summary>
/// For each action that accepts an Idempotency-Key: makes the object that it needs, and returns the call. All calls of one action have the
/// same caller.
/// </summary>
internal static class IdempotentCalls
{
    private const string BaaUntil = "2030-12-31";

    private static readonly object Receipt = new { instances = 1, bytes = 1, sha256 = new string('0', 64) };

    public static async Task<Dictionary<string, Func<Task<SampleCall>>>> Of(AuthApp auth)
    {
        var everything = ScopeCatalogue.All.ToArray();
        var provider = auth.With(await auth.Key("prov_123", everything, Roles.Admin));
        var consumer = auth.With(await auth.Key("cons_456", everything, Roles.Admin));
        var platform = auth.App.As("admin");

        SampleCall Request(ApiClient by, string id, string act, object? body = null) => new(by, $"/v1/requests/{id}/{act}", body);
        SampleCall Transfer(string id, string act, object? body = null) => new(consumer, $"/v1/transfers/{id}/{act}", body);
        SampleCall Review(string id, string act, object? body = null) => new(platform, $"/v1/applications/{id}/{act}", body);
        SampleCall Partnership(string id, string act, object? body = null) => new(provider, $"/v1/partnerships/{id}/{act}", body);

        async Task<string> Delivered() =>
            (await auth.App.Fulfil(await auth.App.AskForJaneDoe(), Parcel.Zip(Parcel.Jane.Files()))).ShouldBe(
                HttpStatusCode.Created)["transferId"]!;
        async Task<string> Done(SampleCall call) => (await call.Client.Post(call.Path, call.Body)).ShouldBe(HttpStatusCode.OK).Id;
        async Task<string> Webhook() => (await consumer.Post("/v1/webhooks", Listening())).ShouldBe(HttpStatusCode.Created).Id;
        async Task<string> Delivery() => (await consumer.Post($"/v1/webhooks/{await Webhook()}/test")).ShouldBe(HttpStatusCode.Accepted).Id;
        async Task<string> Approved()
        {
            var id = await auth.InReview();
            (await platform.Post($"/v1/applications/{id}/approve")).ShouldBe(HttpStatusCode.OK);
            return id;
        }

        async Task<object> ToNewPartner(string role) =>
            new
            {
                partnerId = (await auth.Member(role == "provider" ? "consumer" : "provider")).Organization,
                @as = role,
                baaUntil = BaaUntil
            };
        async Task<string> Proposed() =>
            (await provider.Post("/v1/partnerships", await ToNewPartner("provider"))).ShouldBe(HttpStatusCode.Created).Id;
        async Task<string> Offered()
        {
            var (_, partner) = await auth.Member();
            return (await partner.Post("/v1/partnerships", new { partnerId = "prov_123", @as = "consumer", baaUntil = BaaUntil })).ShouldBe(
                HttpStatusCode.Created).Id;
        }

        async Task<string> Active() => await Done(Partnership(await Offered(), "approve", new { baaUntil = BaaUntil }));
        async Task<string> Credential()
        {
            var name = Ids.New("sweep", TimeProvider.System.GetUtcNow());
            (await consumer.Post("/v1/credentials", Named(name))).ShouldBe(HttpStatusCode.Created);
            return name;
        }

        return new()
        {
            ["POST v1/requests"] = async () => new(auth.App.As("consumer"), "/v1/requests", await Task.FromResult(Asking.JaneDoe)),
            ["POST v1/requests/{id}/accept"] = async () => Request(provider, await auth.App.AskForJaneDoe(), "accept"),
            ["POST v1/requests/{id}/decline"] = async () =>
                Request(provider, await auth.App.AskForJaneDoe(), "decline", new { reason = "no_match" }),
            ["POST v1/requests/{id}/cancel"] = async () => Request(consumer, await auth.App.AskForJaneDoe(), "cancel"),
            ["POST v1/transfers/{id}/acknowledge"] = async () => Transfer(await Delivered(), "acknowledge", Receipt),
            ["POST v1/transfers/{id}/dispute"] = async () => Transfer(await Delivered(), "dispute"),
            ["POST v1/transfers/{id}/resolve"] = async () => Transfer(await Done(Transfer(await Delivered(), "dispute")), "resolve"),
            ["POST v1/transfers/{id}/destroy"] = async () => Transfer(await Delivered(), "destroy"),
            ["POST v1/webhooks"] = () => Task.FromResult(new SampleCall(consumer, "/v1/webhooks", Listening())),
            ["POST v1/webhooks/{id}/rotate-secret"] = async () =>
                new(consumer, $"/v1/webhooks/{await Webhook()}/rotate-secret", new { overlapHours = 1 }),
            ["POST v1/webhooks/{id}/test"] = async () => new(consumer, $"/v1/webhooks/{await Webhook()}/test"),
            ["POST v1/webhooks/{id}/replay"] = async () =>
                new(consumer, $"/v1/webhooks/{await Webhook()}/replay", new { status = "failed" }),
            ["POST v1/webhooks/deliveries/{id}/replay"] = async () => new(consumer, $"/v1/webhooks/deliveries/{await Delivery()}/replay"),
            ["POST v1/applications"] = () => Task.FromResult(new SampleCall(auth.Anonymous, "/v1/applications", Applying.Body(auth.Clock))),
            ["POST v1/applications/{id}/review"] = async () => Review((await auth.Apply()).Id, "review"),
            ["POST v1/applications/{id}/approve"] = async () => Review(await auth.InReview(), "approve"),
            ["POST v1/applications/{id}/claim"] = async () => Review(await Approved(), "claim"),
            ["POST v1/applications/{id}/reject"] = async () => Review(await auth.InReview(), "reject", new { reason = "duplicate" }),
            ["POST v1/users"] = () => Task.FromResult(new SampleCall(platform, "/v1/users", Person())),
            ["POST v1/users/{id}/invitation"] = async () =>
                new(platform, $"/v1/users/{(await platform.Post("/v1/users", Person())).ShouldBe(HttpStatusCode.Created).Id}/invitation"),
            ["POST v1/partnerships"] = async () => new(provider, "/v1/partnerships", await ToNewPartner("provider")),
            ["POST v1/partnerships/{id}/approve"] = async () => Partnership(await Offered(), "approve", new { baaUntil = BaaUntil }),
            ["POST v1/partnerships/{id}/decline"] = async () => Partnership(await Offered(), "decline"),
            ["POST v1/partnerships/{id}/withdraw"] = async () => Partnership(await Proposed(), "withdraw"),
            ["POST v1/partnerships/{id}/suspend"] = async () => Partnership(await Active(), "suspend"),
            ["POST v1/partnerships/{id}/resume"] = async () => Partnership(await Done(Partnership(await Active(), "suspend")), "resume"),
            ["POST v1/auth/keys"] = () => Task.FromResult(new SampleCall(platform, "/v1/auth/keys", Child())),
            ["POST v1/auth/keys/{id}/rotate"] = async () =>
                new(platform, $"/v1/auth/keys/{(await platform.Post("/v1/auth/keys", Child())).ShouldBe(HttpStatusCode.Created).Id}/rotate",
                    new { overlap = "0" }),
            ["POST v1/credentials"] = () =>
                Task.FromResult(new SampleCall(consumer, "/v1/credentials", Named(Ids.New("sweep", TimeProvider.System.GetUtcNow())))),
            ["POST v1/credentials/{name}/rotate"] = async () =>
                new(consumer, $"/v1/credentials/{await Credential()}/rotate", new { trigger = "manual" }),
            ["POST v1/credentials/{name}/restore"] = async () =>
            {
                var name = await Credential();
                (await consumer.Delete($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);
                return new(consumer, $"/v1/credentials/{name}/restore", new { value = "another" });
            },
            ["POST v1/credentials/{name}/rollback"] = async () =>
            {
                var name = await Credential();
                (await consumer.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);
                return new(consumer, $"/v1/credentials/{name}/rollback", new { version = 1 });
            },
        };
    }

    private static object Listening() => new { url = "http://127.0.0.1:1/", events = new[] { "transfer.delivered" } };

    private static object Person() => new { email = $"{Ids.New("p", TimeProvider.System.GetUtcNow())}@example.org", name = "Pat Example" };

    private static object Child() => new { name = "sweep", expiry = "30d", scopes = new[] { "study:read" } };

    private static object Named(string name) => new { name, credential_type = "api_key", provider = "env", value = "v" };
}
