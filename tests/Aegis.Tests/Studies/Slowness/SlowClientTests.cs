using System.Diagnostics;

namespace Aegis.Tests.Studies.Slowness;

/// <summary>A client that stops reading or sending costs memory for its buffers, and blocks no one else.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private const int Clients = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly OpenConnections connections = new();
    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.StartWith(connections.CountIn);

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Stalled_downloads_occupy_no_database_connection_and_no_lock()
    {
        var transfer = await app.Deliver(instances: 2, size: 16_000_000); // more than sockets buffer
        var stalled = new List<HttpResponseMessage>();
        for (var i = 0; i < Clients; i++) stalled.Add(await Begun(transfer, await transfer.Open()));

        await NoConnectionIsHeld();
        await OthersAreServed();

        stalled.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Stalled_uploads_occupy_no_database_connection_and_no_lock()
    {
        var file = (Parcel.Jane with { Rows = 512, Columns = 512 }).Files()[0];
        var asked = new List<string>();
        for (var i = 0; i < Clients; i++) asked.Add(await app.AskForJaneDoe());
        // all at once, because the host ends stalled connections after seconds
        var stalled = (await Task.WhenAll(asked.Select(id => HalfUpload.Send(app, id, file)))).ToList();
        await Until(() => app.ContentFiles().Length, Clients);

        await NoConnectionIsHeld();
        await OthersAreServed();

        stalled.ForEach(s => s.Dispose());
    }

    /// <summary>Background work opens connections for moments. A connection of a stalled client would never be returned.</summary>
    private Task NoConnectionIsHeld() => Until(() => connections.Held, 0);

    private static async Task Until(Func<int> count, int expected)
    {
        var start = Stopwatch.GetTimestamp();
        int now;
        while ((now = count()) != expected && Stopwatch.GetElapsedTime(start) < Patience) await Task.Delay(5);
        now.Should().Be(expected);
    }

    private async Task OthersAreServed()
    {
        for (var i = 0; i < 10; i++)
        {
            var id = await app.AskForJaneDoe(); // a write, so that the test notices a lock
            (await app.As("consumer").Get($"/v1/requests/{id}")).ShouldBe(HttpStatusCode.OK);
        }

        var whole = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Multipart(Parcel.Jane.Files()));
        whole.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<HttpResponseMessage> Begun(DeliveredTransfer transfer, string url)
    {
        var running = await transfer.Stream(url);
        running.StatusCode.Should().Be(HttpStatusCode.OK);
        await (await running.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1000]);
        return running;
    }
}
