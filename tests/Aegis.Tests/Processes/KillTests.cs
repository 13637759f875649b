namespace Aegis.Tests.Processes;

/// <summary>kill -9 at critical moments. Acknowledged work survives; unacknowledged work leaves nothing behind.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task A_kill_during_the_first_migration_is_finished_by_the_next_start()
    {
        // The first start takes about a second here. The kills are spread over it.
        foreach (var delay in (int[])[150, 300, 450, 600, 750, 900])
        {
            var folder = HostProcess.NewDataDirectory();
            await using (var killed = await HostProcess.Launch(folder))
            {
                await Task.Delay(delay);
                await killed.Kill();
            }

            await using var next = await HostProcess.Start(folder);
            (await next.As("consumer").Get("/v1/requests")).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Acknowledged_requests_survive_a_kill()
    {
        var folder = HostProcess.NewDataDirectory();
        var acknowledged = new List<string>();
        await using (var host = await HostProcess.Start(folder))
        {
            for (var i = 0; i < 20; i++)
                acknowledged.Add((await host.As("consumer").Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Id);
            await host.Kill();
        }

        await using var next = await HostProcess.Start(folder);
        foreach (var id in acknowledged)
        {
            (await next.As("consumer").Get($"/v1/requests/{id}")).ShouldBe(HttpStatusCode.OK);
            var audit = await next.As("consumer").Get($"/v1/audit?object={id}&action=request.created");
            audit.Json.GetProperty("items").GetArrayLength().Should().Be(1);
        }
    }

    [Fact]
    public async Task A_kill_during_a_fulfil_leaves_the_request_pending_and_no_content()
    {
        var folder = HostProcess.NewDataDirectory();
        var files = Parcel.Jane.Files();
        string request;
        await using (var host = await HostProcess.Start(folder))
        {
            request = (await host.As("consumer").Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Id;
            var upload = new Hanging(files[0]);
            var hanging = host.As("provider").PostContent($"/v1/requests/{request}/fulfill", upload);
            await Until(() => Directory.Exists(Content(folder)) && Directory.GetFiles(Content(folder)).Length == 1);
            await host.Kill();
            upload.GoOn();
            await hanging.Invoking(h => h).Should().ThrowAsync<HttpRequestException>();
        }

        Directory.GetFiles(Content(folder)).Should().NotBeEmpty("the kill left the beginning of a file");
        await using var next = await HostProcess.Start(folder, new Dictionary<string, string> { ["Jobs__Runner"] = "None" });
        await Until(() => Directory.GetFiles(Content(folder)).Length == 0); // the sweep at the start
        await Until(async () => (await next.As("provider").Get($"/v1/requests/{request}"))["status"] == "pending"); // the lease has expired
        (await next.As("provider").Get($"/v1/requests/{request}"))["transferId"].Should().BeNull();
        (await next.As("provider").PostContent($"/v1/requests/{request}/fulfill", Parcel.Zip(files))).ShouldBe(HttpStatusCode.Created);
    }

    private static string Content(string folder) => Path.Combine(folder, "content");

    private static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private static async Task Until(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(50);
        }
    }

    /// <summary>Sends one instance of a multipart upload, then waits until it is told to continue.</summary>
    private sealed class Hanging : HttpContent
    {
        private const string Boundary = "hanging";
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] file;

        public Hanging(byte[] file)
        {
            this.file = file;
            Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");
        }

        public void GoOn() => waiting.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var head =
                $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.dcm\"\r\nContent-Type: "
                    + "application/dicom\r\n\r\n";
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(file);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes("\r\n" + head));
            await stream.FlushAsync();
            await waiting.Task;
            await stream.WriteAsync(file);
            await stream.FlushAsync();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
