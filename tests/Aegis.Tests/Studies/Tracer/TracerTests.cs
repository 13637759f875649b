using System.IO.Compression;
using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Studies.Tracer;

/// <summary>
/// Uploads a study over HTTP with a canary in every value that could tell something about the patient. None may come out, in the download
/// or anywhere else. See <see cref="Canary"/> for what is traced.
/// </summary>
public sealed class TracerTests(TracerTests.TracedApp traced) : IClassFixture<TracerTests.TracedApp>
{
    private const string Mark = Canary.Mark;
    private const string Confirm = "?confirm=patient_mismatch&confirm=patient_unverifiable&confirm=pixel_phi_risk";

    private static readonly List<byte[]> Files = CanaryFiles.All();

    private static readonly Lazy<byte[]> Zipped = new(Zip);

    private readonly AegisApp app = traced.App;
    private readonly TracedOutputs outputs = traced.Places;
    private readonly List<string> leaked = [];

    [Fact]
    public void The_canaries_cover_the_dictionary()
    {
        CanaryFiles.Traced.Should().BeGreaterThan(3800);
        Files.Should().OnlyContain(f => CanarySearch.In(f).Count > 5);
    }

    [Fact]
    public async Task No_canary_of_a_zip_leaves_the_host() =>
        await RequireNoLeak(() => new TracedUpload(Zipped.Value, "application/zip", CheckDisk));

    [Fact]
    public async Task No_canary_of_a_multipart_body_leaves_the_host() =>
        await RequireNoLeak(() => new TracedUpload(Multipart(), $"multipart/form-data; boundary={Mark}boundary", CheckDisk));

    [Fact]
    public async Task No_canary_of_single_instances_leaves_the_host()
    {
        foreach (var file in Files.Where((_, i) => i is 0 or 3 or 4 or 5))
            await RequireNoLeak(() => new TracedUpload(file, "application/dicom", CheckDisk));
    }

    [Theory]
    [InlineData("CleanDescriptors")]
    [InlineData("RetainDevice")]
    [InlineData("RetainPatientCharacteristics")]
    [InlineData("RetainUids")]
    [InlineData("RetainSafePrivate")]
    [InlineData("RetainInstitution")]
    [InlineData("Dates", "Year")]
    [InlineData("Dates", "Shift")]
    public async Task An_option_keeps_only_what_it_names(string option, object? value = null)
    {
        await Agree(option, value ?? 1);
        byte[] download;
        try
        {
            download = await Deliver(() => Parcel.Bytes(Zipped.Value, "application/zip"));
        }
        finally
        {
            await Agree(option, value is null ? 0 : "Remove");
        }

        var found = Leaks(download);
        var agreed = Kept(option).ToArray();
        found.Where(f => !IsAgreed(option, value, agreed, f)).Should().BeEmpty();
        leaked.Where(f => !(option == "RetainUids"
            && (f.Contains(Canary.UidRoot, StringComparison.Ordinal) || f.Contains(Canary.StandardRoot, StringComparison.Ordinal))))
                .Should().BeEmpty();
        var letsThrough = option is "RetainDevice" or "RetainPatientCharacteristics" or "RetainUids" or "RetainInstitution"
            || value is "Shift" or "Year";
        (found.Count > 0).Should().Be(letsThrough, "otherwise the search finds nothing, or the option has no effect");
    }

    [Fact]
    public async Task No_refusal_repeats_what_was_sent()
    {
        var refused = new List<(HttpContent Body, string Query)>
        {
            (new TracedUpload(Zipped.Value, "application/zip", CheckDisk), ""),
            (new TracedUpload(Files[0], "application/dicom", CheckDisk), $"?confirm={Mark}"),
            (new TracedUpload(Encoding.ASCII.GetBytes($"{Mark}, {Mark}".PadRight(400)), "application/dicom", CheckDisk), Confirm),
            (new TracedUpload([.. Files[0].AsSpan(0, Files[0].Length / 2)], "application/dicom", CheckDisk), Confirm),
            (new TracedUpload([.. Files[0], .. Encoding.ASCII.GetBytes(Mark)], "application/dicom", CheckDisk), Confirm),
            (new TracedUpload(Files[0], $"application/{Mark}", CheckDisk), Confirm),
            (new TracedUpload(HiddenValues.Needed(), "application/dicom", CheckDisk), Confirm),
            (new TracedUpload(HiddenValues.UndeclaredBits(), "application/dicom", CheckDisk), ""),
            (new TracedUpload(new ZipForge().Stored($"../{Mark}", Files[0]).Close(), "application/zip", CheckDisk), Confirm),
            (new TracedUpload(new ZipForge().Stored(Mark, Files[0], crc: 1).Close(), "application/zip", CheckDisk), Confirm),
            (new TracedUpload(Part("manifest", null, "application/json", Encoding.ASCII.GetBytes($$"""{"instances":"{{Mark}}"}""")),
                $"multipart/form-data; boundary={Mark}boundary", CheckDisk), Confirm),
            (new TracedUpload(
                Part(Mark, $"{Mark}.dcm", Mark, Files[0]), $"multipart/form-data; boundary={Mark}boundary", CheckDisk), Confirm),
        };
        foreach (var (body, query) in refused)
        {
            var answer = await app.Fulfil(await app.AskForJaneDoe(), body, query);

            ((int)answer.Status).Should().BeInRange(400, 499, answer.Text);
            CanarySearch.In(answer.Text).Should().BeEmpty(answer.Text);
        }

        outputs.OnDisk().Concat(outputs.NewOutput()).Concat(leaked).Should().BeEmpty();
    }

    private async Task RequireNoLeak(Func<HttpContent> upload)
    {
        var download = await Deliver(upload);

        Leaks(download).Should().BeEmpty();
        leaked.Should().BeEmpty();
        outputs.Checks.Should().BeGreaterThan(2); // before, after, and at least once while the bytes arrive
        outputs.Telemetry.Should().BeGreaterThan(5);
        app.Logs.Lines.Should().Contain(l => l.StartsWith("Trace") || l.StartsWith("Debug"));
    }

    /// <summary>Uploads, opens and downloads a study. Checks every output except the download, which it returns.</summary>
    private async Task<byte[]> Deliver(Func<HttpContent> upload)
    {
        var request = await app.AskForJaneDoe();
        var fulfilled = (await app.FulfilConfirmed(request, upload)).ShouldBe(HttpStatusCode.Created);
        var transfer = fulfilled["transferId"]!;
        var opened = (await app.As("consumer").Post($"/v1/transfers/{transfer}/open")).ShouldBe(HttpStatusCode.OK);
        var download = await app.Anonymous.Get(opened["url"]!);
        await CheckDisk();

        var answers = new List<ApiResponse> { fulfilled, opened };
        foreach (var role in (string[])["consumer", "provider"])
        {
            var party = app.As(role);
            foreach (var path in (string[])["/v1/requests", $"/v1/requests/{request}", $"/v1/transfers/{transfer}",
                $"/v1/audit?object={transfer}", $"/v1/audit?object={request}", "/v1/audit?limit=200"])
                answers.Add((await party.Get(path)).ShouldBe(HttpStatusCode.OK));
        }

        answers.Add((await app.As("consumer").Get("/v1/inbox")).ShouldBe(HttpStatusCode.OK));
        foreach (var answer in answers.Append(download))
        {
            leaked.AddRange(CanarySearch.In(answer.Headers.ToString() + answer.ContentHeaders));
            if (answer != download) leaked.AddRange(CanarySearch.In(answer.Body));
        }

        leaked.AddRange(outputs.NewOutput());
        return download.ShouldBe(HttpStatusCode.OK).Body;
    }

    private Task CheckDisk()
    {
        leaked.AddRange(outputs.OnDisk());
        return Task.CompletedTask;
    }

    private static List<string> Leaks(byte[] download)
    {
        var found = CanarySearch.In(download);
        using var zip = new ZipArchive(new MemoryStream(download));
        foreach (var entry in zip.Entries)
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            found.AddRange(CanarySearch.In(bytes.ToArray()).Select(f => $"{entry.FullName}: {f}"));
        }

        return found;
    }

    /// <summary>The columns of table E.1-1 define which attributes an option keeps. A canary contains the name of its attribute.</summary>
    private static bool IsAgreed(string option, object? value, string[] agreed, string found)
    {
        if (option == "RetainUids") return found.Contains(Canary.UidRoot, StringComparison.Ordinal)
            || found.Contains(Canary.StandardRoot, StringComparison.Ordinal);
        // a date that is reduced to its year becomes the first of January
        if (value is "Year" && !found.Contains("0101", StringComparison.Ordinal)) return false;
        // a shifted date can equal the canary of another attribute
        if (value is "Shift" or "Year") return !NotDates.Any(x => found.Contains(x, StringComparison.OrdinalIgnoreCase));
        return agreed.Any(x => found.Contains(x, StringComparison.OrdinalIgnoreCase));
    }

    private static readonly string[] NotDates = [Mark, .. Canary.Others.Except([Canary.TimeMark])];

    private static IEnumerable<string> Kept(string option) => ProfileTable.All
        .Where(x => DataDictionary.Find(x.Key)?.Vr is not (null or Vr.PN or Vr.UN) && option switch
        {
            "RetainDevice" => x.Value.Device is OptionColumn.Keep,
            "RetainPatientCharacteristics" => x.Value.Patient is OptionColumn.Keep,
            "RetainInstitution" => x.Value.Institution is OptionColumn.Keep,
            _ => false,
        })
        .SelectMany(x => Canary.For(x.Key, DataDictionary.Find(x.Key)!, DataDictionary.Find(x.Key)!.Vr, deep: false) is { } canary
            ? new[] { $"{Mark}{x.Key:X8}", Encoding.Latin1.GetString(canary).Trim(' ', '\0') }
            : []);

    private Task Agree(string option, object value) =>
        app.Database.Run(
            $"UPDATE {TestDatabase.Table("auth", "partnerships")} SET Deidentification_{option} = "
                + $"{(value is string text ? $"'{text}'" : value)}");

    private static byte[] Zip()
    {
        var zip = new ZipForge();
        byte[] extra = [0x75, 0x70, 13, 0, 1, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Mark)]; // Info-ZIP Unicode path
        foreach (var (file, i) in Files.Select((f, i) => (f, i)))
        {
            if (i % 2 == 0) zip.Stored($"{Mark}/{Mark} {i}.dcm", file, extra: extra);
            else zip.Deflated($"{Mark}/{Mark} {i}.dcm", file);
        }

        zip.Stored($"{Mark}/DICOMDIR", Parcel.MediaDirectory());
        return zip.Close(comment: $"{Mark} comment", change: records => records[0] = Commented(records[0]));
    }

    private static byte[] Commented(byte[] record)
    {
        var comment = Encoding.ASCII.GetBytes($"{Mark} of an entry");
        byte[] commented = [.. record, .. comment];
        BitConverter.TryWriteBytes(commented.AsSpan(32), (ushort)comment.Length);
        return commented;
    }

    private static byte[] Multipart()
    {
        var manifest = Encoding.UTF8.GetBytes(Parcel.Manifest(Files)
            .Replace("{", $$"""{"{{Mark}}":"{{Mark}}","note":["{{Mark}}"],""", StringComparison.Ordinal));
        IEnumerable<byte> body =
            [.. Encoding.ASCII.GetBytes($"{Mark} in the preamble\r\n"),
                .. Part("manifest", null, "application/json", manifest, ends: false)];
        foreach (var file in Files) body = body.Concat(Part("file", $"{Mark}^JANE.dcm", "application/dicom", file, ends: false));
        return [.. body, .. Encoding.ASCII.GetBytes($"--{Mark}boundary--\r\n{Mark} in the epilogue")];
    }

    private static byte[] Part(string name, string? fileName, string type, byte[] content, bool ends = true)
    {
        var head =
            $"--{Mark}boundary\r\nContent-Disposition: form-data; "
                + $"name=\"{name}\"{(fileName is null ? "" : $"; filename=\"{fileName}\"; filename*=UTF-8''{fileName}")}\r\n"
            + $"Content-Type: {type}\r\nContent-Description: {Mark}\r\nX-{Mark}: {Mark}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. content, .. "\r\n"u8,
            .. Encoding.ASCII.GetBytes(ends ? $"--{Mark}boundary--\r\n" : "")];
    }

    /// <summary>One host for all tests, which logs at every level.</summary>
    public sealed class TracedApp : IAsyncLifetime
    {
        public AegisApp App { get; private set; } = null!;

        internal TracedOutputs Places { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            App = await AegisApp.Start(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"));
            Places = new TracedOutputs(App);
        }

        public async Task DisposeAsync()
        {
            Places.Dispose();
            await App.DisposeAsync();
        }
    }
}
