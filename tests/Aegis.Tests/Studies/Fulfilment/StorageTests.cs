using Aegis.Kernel.Web.Refusals;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Fulfilment;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Uploads while the disk fails.</summary>
public sealed class StorageTests : IDisposable
{
    private const string FileName = "trf_1.sealed";
    private static readonly byte[] Key = new byte[AgePayload.FileKeySize];

    private readonly string data =
        Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "stores", Path.GetRandomFileName())).FullName;
    private readonly CapturedLogs logs = new();
    private readonly StudyStore store;

    public StorageTests()
    {
        var folder = new ContentFolder(new DatabaseOptions(DatabaseKind.Sqlite, "", data));
        store = new StudyStore(folder, LoggerFactory.Create(b => b.AddProvider(logs)).CreateLogger<StudyStore>());
    }

    private string File => Path.Combine(data, "content", FileName);

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task An_upload_that_cannot_be_stored_is_refused_and_can_be_repeated()
    {
        var app = await AegisApp.Start();
        var id = await app.AskForJaneDoe();
        await System.IO.File.WriteAllTextAsync(app.ContentFolder(), "no folder");

        var refused = await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()));

        refused.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        (await app.StatusOf(id)).Should().Be("pending");
        System.IO.File.Delete(app.ContentFolder());
        (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_study_that_reads_back_as_written_is_kept()
    {
        await Write();

        using (var file = await store.ReadBack(FileName, Key, CancellationToken.None)) file.Keep();

        System.IO.File.Exists(File).Should().BeTrue();
    }

    [Fact]
    public async Task A_study_that_reads_back_differently_is_refused_deleted_and_logged()
    {
        await Write();
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[40] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes);

        await ReadBackIsRefused(nameof(ContentCorruptException));

        System.IO.File.Exists(File).Should().BeFalse();
    }

    [Fact]
    public async Task A_study_that_cannot_be_read_back_is_refused_and_logged()
    {
        await Write();
        System.IO.File.Delete(File);

        await ReadBackIsRefused(nameof(FileNotFoundException));
    }

    private async Task Write() => await store.Write(
        FileName, Key,
        async writer =>
        {
            await writer.BeginInstance().WriteAsync(new byte[100]);
            writer.EndInstance();
            return new Manifest(1, 100, "");
        },
        CancellationToken.None);

    private async Task ReadBackIsRefused(string error)
    {
        var readBack = () => store.ReadBack(FileName, Key, CancellationToken.None);

        (await readBack.Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be("storage_unavailable");
        logs.Lines.Should().ContainSingle(l => l.StartsWith("Error") && l.Contains(FileName) && l.Contains(error));
    }
}
