using System.Collections.Concurrent;
using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Studies.Fulfilment;

public sealed class SecrecyTests : IAsyncLifetime
{
    private const string Family = "ZYXWVUQUEST"; // occurs nowhere else
    private const string Given = "QWERTZUIOPE";
    private const string Accession = "A-2024-0815";

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task No_byte_of_a_patient_s_name_reaches_a_disk_or_a_log()
    {
        var id = await Ask();
        var study = new SyntheticStudySpec
        {
            PatientName = $"{Family}^{Given}",
            PatientId = "P1",
            BirthDate = "19710305",
            Rows = 256,
            Columns = 256,
            InstancesPerSeries = 20,
        };
        using var temporary = new Watch(Environment.GetEnvironmentVariable("TMPDIR") ?? "/tmp");
        using var data = new Watch(app.DataDirectory);

        (await app.FulfilConfirmed(id, () => Parcel.Multipart(study.Files()))).ShouldBe(HttpStatusCode.Created);
        await app.Fulfil(await Ask(), Parcel.Multipart((study with { PatientName = "OTHER^ONE" }).Files()));
        await app.As("provider").Post($"/v1/requests/{await Ask()}/decline", new { reason = "other", note = $"No {Family} here." });

        temporary.Created.Where(f => Path.GetFileName(f).StartsWith("ASPNETCORE_", StringComparison.Ordinal) || Holds(f))
            .Should().BeEmpty("ASP.NET buffers forms there");
        data.Created.Where(f => !f.StartsWith(app.ContentFolder(), StringComparison.Ordinal)
            && !Path.GetFileName(f).StartsWith("aegis.db", StringComparison.Ordinal))
            .Should().OnlyContain(f => f.Contains("keys"));
        Directory.GetFiles(app.DataDirectory, "*", SearchOption.AllDirectories).Where(f => !f.Contains("sandbox")).Where(Holds)
            .Should().BeEmpty();
        app.Logs.Lines
            .Should().NotContain(l => l.Contains(Family, StringComparison.OrdinalIgnoreCase)
                || l.Contains(Given, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<string> Ask() => (await app.As("consumer").Post("/v1/requests", new
    {
        providerId = "prov_123",
        patient = new { lastName = Family, firstName = Given, dob = "1971-03-05" },
        reason = $"Control of {Family}",
        study = new { accessionNumber = Accession },
    })).ShouldBe(HttpStatusCode.Created).Id;

    private static bool Holds(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var memory = new MemoryStream();
            file.CopyTo(memory);
            var text = Encoding.Latin1.GetString(memory.GetBuffer(), 0, (int)memory.Length);
            return new[] { Family, Given, Accession }.Any(word =>
                text.Contains(word, StringComparison.OrdinalIgnoreCase)
                    || text.Contains(Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(word)), StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // deleted again, or not readable for us
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class Watch : IDisposable
    {
        private readonly FileSystemWatcher watcher;

        public Watch(string folder)
        {
            watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = folder != "/tmp", EnableRaisingEvents = true };
            watcher.Created += (_, e) => Created.Add(e.FullPath);
        }

        public ConcurrentBag<string> Created { get; } = [];

        public void Dispose() => watcher.Dispose();
    }
}
