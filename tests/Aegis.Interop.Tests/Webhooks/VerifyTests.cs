using Aegis.Tests.Webhooks;

namespace Aegis.Interop.Tests.Webhooks;

/// <summary>The libraries that receivers use verify real deliveries.</summary>
public sealed class VerifyTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    private const string NoMatch = "No matching signature found";

    [InteropFact("standardwebhooks", "svix")]
    public async Task Both_libraries_accept_a_delivery_and_refuse_every_changed_one()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        var heard = receiver.Events[0];
        using var node = Libraries.Start(app.Clock);

        (await node.Verify(endpoint.Secret, heard)).Should().Be(("valid", "valid"));
        (await node.Verify(endpoint.Secret, receiver.Pings[0])).Should().Be(("valid", "valid"));
        (await node.Verify(endpoint.Secret,
            heard with { Body = heard.Body.Replace("transfer.delivered", "transfer.destroyed", StringComparison.Ordinal) }))
                .Should().Be((NoMatch, NoMatch));
        (await node.Verify(endpoint.Secret, heard with { Body = heard.Body + " " })).Should().Be((NoMatch, NoMatch));
        (await node.Verify(endpoint.Secret, With(heard, "webhook-id", "evt_another"))).Should().Be((NoMatch, NoMatch));
        (await node.Verify(endpoint.Secret,
            With(heard, "webhook-timestamp",
                $"{long.Parse(heard.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture) + 1}")))
                    .Should().Be((NoMatch, NoMatch));
        (await node.Verify("whsec_" + Convert.ToBase64String(new byte[32]), heard)).Should().Be((NoMatch, NoMatch));
        (await node.Verify(endpoint.Secret, heard, TimeSpan.FromMinutes(6)))
            .Should().Be(("Message timestamp too old", "Message timestamp too old"));
        (await node.Verify(endpoint.Secret, heard, TimeSpan.FromMinutes(-6)))
            .Should().Be(("Message timestamp too new", "Message timestamp too new"));
    }

    [InteropFact("standardwebhooks", "svix")]
    public async Task Receivers_with_either_secret_accept_deliveries_during_a_rotation()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        var fresh = (await client.Post($"/v1/webhooks/{endpoint.Id}/rotate-secret", new { })).ShouldBe(HttpStatusCode.OK)["secret"]!;
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        app.Clock.Advance(TimeSpan.FromHours(25));
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 2);
        using var node = Libraries.Start(app.Clock);

        var before = TimeSpan.FromHours(-25);
        (await node.Verify(fresh, receiver.Events[0], before)).Should().Be(("valid", "valid"));
        (await node.Verify(endpoint.Secret, receiver.Events[0], before)).Should().Be(("valid", "valid"));
        (await node.Verify(fresh, receiver.Events[1])).Should().Be(("valid", "valid"));
        (await node.Verify(endpoint.Secret, receiver.Events[1])).Should().Be((NoMatch, NoMatch));
    }

    private static Heard With(Heard heard, string header, string value) =>
        heard with { Headers = new Dictionary<string, string>(heard.Headers) { [header] = value } };

    private sealed class Libraries(System.Diagnostics.Process node, TestClock clock) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public static Libraries Start(TestClock clock) => new(Tool.Start(Path.Combine(Tool.Folder, "npm"), "node", "webhooks.mjs"), clock);

        public async Task<(string Standard, string Svix)> Verify(string secret, Heard heard, TimeSpan ahead = default)
        {
            var moved = clock.GetUtcNow() - TimeProvider.System.GetUtcNow();
            await node.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(
                    new { secret, headers = heard.Headers, body = heard.Body, ahead = (moved + ahead).TotalMilliseconds }));
            var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            line.Should().NotBeNull("webhooks.mjs ended: {0}", line is null ? await node.StandardError.ReadToEndAsync() : "");
            var result = JsonElement.Parse(line!);
            return (result.GetProperty("standard").GetString()!, result.GetProperty("svix").GetString()!);
        }

        public void Dispose()
        {
            node.StandardInput.Close();
            node.WaitForExit(Patience);
            node.Dispose();
        }
    }
}
