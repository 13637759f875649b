using System.Diagnostics;
using System.Net.Http.Headers;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Archive;
using Aegis.Studies.Metering;
using Aegis.Studies.Persistence;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>Puts a sealed study into the consumer's inbox, as a fulfilment does after de-identification.</summary>
internal static class Delivered
{
    public const string Metadata = """{"studies":1,"instances":4}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<DeliveredTransfer> Deliver(
        this AegisApp app, int instances = 4, int size = 50_000, TimeSpan? window = null, int? maxViews = null,
        string consumer = "cons_456", string provider = "prov_123", IReadOnlyList<byte[]>? contents = null)
    {
        contents ??= Noise(instances, size);
        var now = app.Clock.GetUtcNow();
        var (id, day) = (Ids.New("trf", now), DateOnly.FromDateTime(now.UtcDateTime));
        var folder = app.Services.GetRequiredService<ContentFolder>();
        folder.Create();
        var fileKey = RandomNumberGenerator.GetBytes(AgePayload.FileKeySize);
        await Seal(folder.PathOf(id), fileKey, contents);
        using var reader = SealedStudyReader.Open(folder.PathOf(id), fileKey);
        var digest = await ContentDigest.Compute(new StudyArchive(reader.Index), reader, CancellationToken.None);
        var study = Ingested.Of(
            id,
            new StoredStudy(
                id, contents.Count, reader.Index.PayloadLength, digest.Bytes, digest.Sha256, new string('d', 64), day,
                digest.InstancesSha256),
            app.Services.GetRequiredService<DayKeys>().Seal(day, fileKey, new SealedFor("content", id)),
            app.Services.GetRequiredService<SealedBox>().SealText(Metadata, new SealedFor("metadata", id)),
            await ViewRule.Read(reader, CancellationToken.None));

        await app.InStudies(async db =>
        {
            db.Transfers.Add(
                Transfer.Deliver(Ids.New("req", now), consumer, provider, study, window ?? TimeSpan.FromHours(72), maxViews, now));
            await db.SaveChangesAsync();
            return true;
        });
        return new DeliveredTransfer(app, id, study.Study, study.Key, new StudyArchive(reader.Index));
    }

    public static async Task<T> InStudies<T>(this AegisApp app, Func<StudiesDb, Task<T>> read)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<StudiesDb>());
    }

    /// <summary>The number of times that an event was raised for an object.</summary>
    public static async Task<int> CountEvents(this AegisApp app, string name, string id) => (await app.NamesOf(id)).Count(n => n == name);

    public static async Task Eventually(Func<Task<bool>> holds, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Stopwatch.GetElapsedTime(start).Should().BeLessThan(Patience, what);
            await Task.Delay(20);
        }
    }

    /// <summary>Instances that are not DICOM, so that all their bytes count.</summary>
    private static List<byte[]> Noise(int instances, int size)
    {
        var random = new Seeded((ulong)size);
        return [.. Enumerable.Range(0, instances).Select(i => random.Bytes(size + i))];
    }

    private static async Task Seal(string path, byte[] fileKey, IReadOnlyList<byte[]> contents)
    {
        await using var writer = SealedStudyWriter.Create(path, fileKey);
        foreach (var content in contents)
        {
            await writer.BeginInstance().WriteAsync(content);
            writer.EndInstance();
        }

        await writer.Complete(CancellationToken.None);
    }
}

/// <summary>A delivered transfer and the calls that tests make on it.</summary>
internal sealed record DeliveredTransfer(AegisApp App, string Id, StoredStudy Study, StudyKey Key, StudyArchive Archive)
{
    public string Path => $"/v1/transfers/{Id}";

    public string ETag => $"\"{Study.Sha256}\"";

    /// <summary>Opens as the consumer and returns the URL of the content.</summary>
    public async Task<string> Open()
    {
        var opened = await App.As("consumer").Post($"{Path}/open");
        return opened.ShouldBe(HttpStatusCode.OK)["url"]!;
    }

    public Task<ApiResponse> Read() => App.As("consumer").Get(Path);

    public async Task<byte[]> Download(string url) => (await App.Anonymous.Get(url)).ShouldBe(HttpStatusCode.OK).Body;

    public Task<HttpResponseMessage> Stream(string url, long from = 0) => App.Anonymous.SendStreaming(
        new HttpRequestMessage(HttpMethod.Get, url)
        {
            Headers = { Range = from > 0 ? new RangeHeaderValue(from, null) : null,
                IfRange = from > 0 ? new RangeConditionHeaderValue(ETag) : null },
        });

    /// <summary>Downloads everything and waits until the meter has counted it.</summary>
    public async Task View()
    {
        var before = await Egress();
        await Download(await Open());
        await Delivered.Eventually(
            async () => await Egress() >= before + Study.SizeBytes && await Leases() == 0, "the download is settled");
    }

    /// <summary>Waits until the meter has counted everything that was sent.</summary>
    public Task Settled() => Delivered.Eventually(async () => await Leases() == 0, "all downloads are settled");

    /// <summary>Downloads the bytes [from, to) of one instance, without the archive's framing.</summary>
    public Task<ApiResponse> Piece(string url, int instance, long from, long to)
    {
        var start = PlaceOf(instance);
        return Range(url, $"bytes={start + from}-{start + to - 1}");
    }

    public async Task<long> Egress() =>
        long.Parse((await Read())["meter.served.egressBytes"]!, System.Globalization.CultureInfo.InvariantCulture);

    public async Task<string?> Views() => (await Read())["meter.views"];

    public Task<int> Leases() => App.InStudies(db => db.Leases.CountAsync(l => l.TransferId == Id));

    public Task<ApiResponse> Acknowledge(int? instances = null, long? bytes = null, string? sha256 = null) => App.As("consumer").Post(
        $"{Path}/acknowledge",
        new { instances = instances ?? Study.Instances, bytes = bytes ?? Study.SizeBytes, sha256 = sha256 ?? Study.Sha256 });

    /// <summary>Adds the lease of a stream that has not ended, like one that runs on another host.</summary>
    public async Task HoldOpen()
    {
        await App.InStudies(async db =>
        {
            db.Leases.Add(new StreamLease(Id, 0, 1, 1, App.Clock.GetUtcNow()));
            return await db.SaveChangesAsync();
        });
    }

    /// <summary>Destroys as the consumer and waits until the destruction is complete.</summary>
    public async Task Destroy()
    {
        (await App.As("consumer").Post($"{Path}/destroy")).ShouldBe(HttpStatusCode.Accepted);
        await UntilDestroyed();
    }

    public Task UntilDestroyed() => Delivered.Eventually(async () => (await Read())["status"] == "destroyed", "the transfer is destroyed");

    private long PlaceOf(int instance)
    {
        var at = 0L;
        foreach (var segment in Archive.Segments(0, Archive.Length))
        {
            if (segment.IsPayload && segment.Instance == instance) return at;
            at += segment.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(instance));
    }

    /// <summary>Sends a range request with the ticket.</summary>
    public Task<ApiResponse> Range(string url, string range, string? ifRange = null)
    {
        var client = App.Anonymous.With("Range", range);
        return (ifRange is null ? client : client.With("If-Range", ifRange)).Get(url);
    }
}
