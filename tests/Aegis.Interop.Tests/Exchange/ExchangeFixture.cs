using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Aegis.Tests.Studies.Fulfilment;
using Aegis.Tests.Studies.Requests;

namespace Aegis.Interop.Tests.Exchange;

/// <summary>A running exchange, a folder for files, and methods that send a study from the provider to the consumer.</summary>
public sealed class ExchangeFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Received>>> received = new();
    private int folders;

    public AegisApp App { get; } = new();

    public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "exchanged", Ids.New("set", TimeProvider.System.GetUtcNow()));

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        return App.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"{Interlocked.Increment(ref folders)}")).FullName;

    /// <summary>Writes the files of a synthetic study.</summary>
    public async Task<string[]> Synthesize(SyntheticStudySpec spec)
    {
        var folder = NewFolder();
        await new SyntheticStudy(spec).WriteFolder(folder, CancellationToken.None);
        return [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes one instance of a synthetic study.</summary>
    public async Task<string> SynthesizeOne(string modality = "CT") =>
        (await Synthesize(SyntheticStudySpec.JaneDoe with { Series = 1, InstancesPerSeries = 1, Modality = modality }))[0];

    /// <summary>Sends one real file through the exchange. Each file is sent only once.</summary>
    public Task<Received> Receive(string file) =>
        received.GetOrAdd(file, f => new(async () => await Deliver(await FulfilConfirmed(() => Bytes(f, "application/dicom"))))).Value;

    /// <summary>Sends several files in one multipart upload.</summary>
    public async Task<Received> Receive(string[] files) => await Deliver(await Fulfil(Multipart(files)));

    public async Task<ApiResponse> Fulfil(HttpContent content, string query = "") =>
        await App.As("provider").PostContent($"/v1/requests/{await App.AskForJaneDoe()}/fulfill{query}", content);

    /// <summary>Real files are of other patients, so the provider confirms the findings.</summary>
    public async Task<ApiResponse> FulfilConfirmed(Func<HttpContent> content) =>
        await App.FulfilConfirmed(await App.AskForJaneDoe(), content);

    /// <summary>Opens and downloads as the consumer.</summary>
    public async Task<Received> Deliver(ApiResponse fulfilled)
    {
        var transfer = fulfilled.ShouldBe(HttpStatusCode.Created)["transferId"]!;
        var folder = NewFolder();
        var zip = Path.Combine(folder, "study.zip");
        await File.WriteAllBytesAsync(zip, (await App.Anonymous.Get(await Open(transfer))).ShouldBe(HttpStatusCode.OK).Body);
        return Received.Unpack(transfer, folder, zip, fulfilled["sha256"]!);
    }

    /// <summary>The URL of the content, for any client.</summary>
    public async Task<string> Open(string transfer) =>
        new Uri(App.BaseAddress,
            (await App.As("consumer").Post($"/v1/transfers/{transfer}/open")).ShouldBe(HttpStatusCode.OK)["url"]!).AbsoluteUri;

    public static HttpContent Multipart(string[] files)
    {
        var content = new MultipartFormDataContent();
        foreach (var file in files) content.Add(Bytes(file, "application/dicom"), "file", "image.dcm");
        return content;
    }

    public static HttpContent Bytes(string file, string type) =>
        new ByteArrayContent(File.ReadAllBytes(file)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
