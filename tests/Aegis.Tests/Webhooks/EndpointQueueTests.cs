namespace Aegis.Tests.Webhooks;

/// <summary>What a sender does while it waits for a slow receiver, and what it records.</summary>
public sealed class EndpointQueueTests : IAsyncLifetime
{
    private WebhooksApp app = null!; // set by InitializeAsync

    public async Task InitializeAsync() =>
        app = await WebhooksApp.Start(null, ("Webhooks:TimeoutSeconds", "5"), ("Webhooks:PerEndpoint", "2"));

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_waiting_sender_sees_a_change_by_another_host_before_it_sends_more()
    {
        var (organization, client) = await app.NewOrganization();
        var answer = new TaskCompletionSource();
        await using var receiver = await Receiver.Start((_, _) => answer.Task);
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        for (var i = 0; i < 6; i++) await app.Raise(organization);
        await WebhooksApp.Eventually(async () => receiver.Events.Count == 2 && (await endpoint.Deliveries()).Count == 6);

        await app.App.Database.Run(
            $"UPDATE {TestDatabase.Table("webhooks", "endpoints")} SET Status = 'Disabled', Revision = Revision + 1 WHERE Id = "
                + $"'{endpoint.Id}'");
        await Task.Delay(2000);
        answer.SetResult();
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 2);
        await Task.Delay(500);

        receiver.Events.Should().HaveCount(2, "the endpoint was disabled while the first two were being sent");
    }

    [Fact]
    public async Task A_failure_recorded_after_a_later_success_does_not_mark_the_endpoint_as_failing()
    {
        var (organization, client) = await app.NewOrganization();
        var hangs = "";
        await using var receiver =
            await Receiver.Start((context, heard) => Receiver.ObjectOf(heard) == hangs
                ? Task.Delay(-1, context.RequestAborted)
                : Task.CompletedTask);
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");

        await app.Raise(organization, hangs = "trf_hangs");
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        await app.Raise(organization);
        await WebhooksApp.Eventually(async () =>
            (await endpoint.Deliveries()).Any(d => d.GetProperty("lastError").GetString() == "timeout"));

        (await endpoint.Deliveries("delivered")).Should().ContainSingle();
        (await endpoint.Get())["failingSince"].Should().BeNull();
    }

    [Fact]
    public async Task Failures_are_recorded_soon_although_successes_are_recorded_first()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(500);
        var endpoints = new List<Registered>();
        for (var i = 0; i < 10; i++) endpoints.Add(await WebhooksApp.Register(client, $"{receiver.Url}/{i}", "enabled", "transfer.*"));

        for (var i = 0; i < 10; i++) await app.Raise(organization);

        foreach (var endpoint in endpoints)
            await WebhooksApp.Eventually(async () =>
                (await endpoint.Deliveries()).Count(d => d.GetProperty("attempts").GetInt32() > 0) == 10);
    }
}
