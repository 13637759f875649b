namespace Aegis.Tests.Studies.Transfers;

/// <summary>
/// A sealed file is missing, truncated, changed or not readable. Nobody gets wrong bytes, the failure is audited, and the transfer can
/// still be destroyed.
/// </summary>
public sealed class DamagedContentTests : IAsyncLifetime
{
    private const int LastChunk = 40; // from the end: the index with its footer

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("removed")]
    [InlineData("a folder")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("index changed")]
    [InlineData("nonce changed")]
    public async Task A_file_that_does_not_open_is_refused(string damage)
    {
        var transfer = await app.Deliver();
        Damage(transfer, damage);

        var answer = await app.Anonymous.Get(await transfer.Open());

        answer.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "content_unreadable");
        answer.Headers.RetryAfter.Should().NotBeNull();
        (await Audited(transfer)).Should().Contain(x => x.GetProperty("outcome").GetString() == "failed");
        app.Logs.Lines.Should().Contain(l => l.StartsWith("Error") && l.Contains(transfer.Id));
        if (damage != "a folder") await ShouldBeDestroyable(transfer);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(700_000)]
    public async Task A_changed_byte_cuts_the_download_before_its_chunk(int at)
    {
        var transfer = await app.Deliver(instances: 4, size: 300_000);
        var whole = await transfer.Download(await transfer.Open());
        Change(PathOf(transfer), at);

        using var answer = await transfer.Stream(await transfer.Open(), from: 0)
            .ContinueWith(t => t.IsCompletedSuccessfully ? t.Result : null, TaskScheduler.Default);
        var received = answer is null ? [] : await Received(answer);

        received.Length.Should().BeLessThan(whole.Length);
        SHA256.HashData(received)
            .Should().Equal(SHA256.HashData(whole.AsSpan(0, received.Length)), "the bytes that arrive are correct");
        await Delivered.Eventually(async () =>
            (await Audited(transfer)).Any(x => x.GetProperty("outcome").GetString() == "failed"), "the cut is audited");
        await ShouldBeDestroyable(transfer);
    }

    private static async Task<byte[]> Received(HttpResponseMessage answer)
    {
        using var bytes = new MemoryStream();
        var copy = async () => await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(bytes);
        await copy.Should().ThrowAsync<Exception>("the connection was broken, not ended");
        return bytes.ToArray();
    }

    private async Task<List<JsonElement>> Audited(DeliveredTransfer transfer) =>
        [.. (await app.As("provider")
            .Get($"/v1/audit?object={transfer.Id}&limit=200")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];

    private async Task ShouldBeDestroyable(DeliveredTransfer transfer)
    {
        (await app.As("provider").Post($"{transfer.Path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        await transfer.UntilDestroyed();
    }

    private string PathOf(DeliveredTransfer transfer) => Path.Combine(app.DataDirectory, "content", transfer.Id);

    private void Damage(DeliveredTransfer transfer, string damage)
    {
        var path = PathOf(transfer);
        switch (damage)
        {
            case "removed": File.Delete(path); break;
            case "a folder": // like a file without read permission, but also for root
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            case "truncated": Shorten(path, bytes: 1000); break;
            case "empty": Shorten(path, bytes: int.MaxValue); break;
            case "nonce changed": Change(path, 3); break;
            default: Change(path, (int)new FileInfo(path).Length - LastChunk); break;
        }
    }

    private static void Shorten(string path, int bytes)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(Math.Max(0, file.Length - bytes));
    }

    private static void Change(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
