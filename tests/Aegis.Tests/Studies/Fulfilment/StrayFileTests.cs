namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Files in an upload that are not part of the study.</summary>
public sealed class StrayFileTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly List<byte[]> Jane = Parcel.Jane.Files();

    [Fact]
    public async Task Files_that_are_not_dicom_are_skipped_and_named_to_the_provider_only()
    {
        var id = await app.AskForJaneDoe();
        var upload = Study().Deflated("Doe_Jane/README.TXT", "DOE^JANE"u8.ToArray()).Deflated("AUTORUN.INF", "[autorun]"u8.ToArray())
            .Deflated("viewer.exe", [.. "MZ"u8, .. new byte[500]]).Deflated("LOCKFILE", [])
            .Deflated("DICOM/.DS_Store", "\0\0\0\u0001Bud1"u8.ToArray())
            .Deflated("DICOMDIR", Parcel.MediaDirectory()).Close();

        var fulfilled = (await app.Fulfil(id, Parcel.Bytes(upload, "application/zip"))).ShouldBe(HttpStatusCode.Created);
        var again = (await app.Fulfil(id, Parcel.Bytes(upload, "application/zip"))).ShouldBe(HttpStatusCode.OK);
        var opened = (await app.As("consumer").Post($"/v1/transfers/{fulfilled["transferId"]}/open")).ShouldBe(HttpStatusCode.OK);

        fulfilled.Json.GetProperty("instances").GetInt32().Should().Be(Jane.Count);
        Names(Ignored(fulfilled, 5)).Should().Equal("Doe_Jane/README.TXT", "AUTORUN.INF", "viewer.exe", "LOCKFILE", "DICOM/.DS_Store");
        Ignored(again, 5).GetProperty("names").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        opened.Text.Should().Contain("files_ignored").And.NotContainAny("README.TXT", "viewer.exe");
        (await app.Happened(id)).Should().ContainSingle(e => e.Action == "request.fulfilled").Which.Details!["filesIgnored"].GetRawText()
            .Should().Be("5");
        (await app.As("provider").Get("/v1/audit?limit=200")).Text.Should().NotContainAny("README.TXT", "viewer.exe");
        app.Logs.Lines.Should().NotContain(l => l.Contains("README.TXT") || l.Contains("viewer.exe"));
    }

    [Fact]
    public async Task Files_that_are_not_dicom_are_skipped_in_a_multipart_upload_too()
    {
        var upload = new MultipartFormDataContent { { Parcel.Bytes("Hello"u8.ToArray(), "text/plain"), "file", "LIESMICH für Sie.txt" } };
        foreach (var file in Jane) upload.Add(Parcel.Bytes(file, "application/dicom"), "file", "Doe_Jane.dcm");

        var fulfilled = (await app.Fulfil(await app.AskForJaneDoe(), upload)).ShouldBe(HttpStatusCode.Created);

        Names(Ignored(fulfilled, 1)).Should().Equal("LIESMICH für Sie.txt");
    }

    [Fact]
    public async Task At_most_twenty_names_are_returned_without_text_direction_characters()
    {
        var zip = Study().Deflated("a\u202Etxt.exe", [1]).Deflated(new string('x', 300), [1]);
        for (var i = 0; i < 30; i++) zip.Deflated($"other/{i}", [1]);

        var names = Names(Ignored((await Send(zip)).ShouldBe(HttpStatusCode.Created), 32));

        names.Should().HaveCount(20);
        names[0].Should().Be("a?txt.exe");
        names[1].Should().HaveLength(201);
    }

    [Theory]
    [InlineData("DICOM/report.txt")]
    [InlineData("DICOM/.DS_Store")]
    public async Task A_strict_upload_refuses_such_files_by_position_and_not_by_name(string name)
    {
        var zip = Study().Deflated(name, "DOE^JANE"u8.ToArray()).Close();

        var refused = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(zip, "application/zip"), "?strict=true");

        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "not_dicom")["position"].Should().Be($"{Jane.Count + 1}");
        refused.Text.Should().NotContainAny("Jane", "JANE", "report", "DS_Store");
    }

    [Fact]
    public async Task A_single_file_that_is_not_dicom_is_refused() =>
        (await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes("Hello"u8.ToArray(), "application/dicom"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "not_dicom");

    [Fact]
    public async Task Backslashes_in_names_are_path_separators_of_windows() =>
        (await Send(new ZipForge().Stored("DICOM\\", []).Deflated("DICOM\\S1\\IM1", Jane[0]).Deflated("DICOM\\S1\\IM2", Jane[1]))).ShouldBe(
            HttpStatusCode.Created)["instances"].Should().Be("2");

    [Fact]
    public async Task The_same_file_sent_twice_is_one_instance()
    {
        var id = await app.AskForJaneDoe();
        List<byte[]> files = [Jane[0], Jane[1], Jane[0]];

        var counted = await app.Fulfil(id, Parcel.Multipart(files, Parcel.Manifest(files)));
        var again = await app.Fulfil(id, Parcel.Zip(Jane[..2]));

        counted.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("2");
        again.ShouldBe(HttpStatusCode.OK)["sha256"].Should().Be(counted["sha256"]);
    }

    [Fact]
    public async Task A_zip_is_recognized_by_its_first_bytes_as_a_body_and_as_a_part()
    {
        var zip = Study().Close();

        var body = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(zip, "application/octet-stream"));
        var part = await app.Fulfil(await app.AskForJaneDoe(),
            new MultipartFormDataContent { { Parcel.Bytes(zip, "application/octet-stream"), "file", "study.zip" } });
        var image = await app.Fulfil(
            await app.AskForJaneDoe(), Parcel.Bytes([.. "PK\u0003\u0004"u8, .. Jane[0].AsSpan(4)], "application/octet-stream"));

        body.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be($"{Jane.Count}");
        part.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be($"{Jane.Count}");
        image.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("1", "a DICOM preamble may look like a zip");
    }

    [Fact]
    public async Task The_disposition_form_data_is_case_insensitive()
    {
        var upload = Parcel.Multipart(Jane);
        var text = await upload.ReadAsByteArrayAsync();
        var capital = System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(text)
            .Replace("form-data", "Form-Data", StringComparison.Ordinal));

        (await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(capital, upload.Headers.ContentType!.ToString()))).ShouldBe(
            HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_instance_is_accepted_under_any_file_name()
    {
        var zip = new ZipForge().Deflated("__MACOSX/.DS_Store", Jane[0]);

        (await Send(zip)).ShouldBe(HttpStatusCode.Created).Json.GetProperty("instances").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_broken_instance_is_refused_under_any_file_name() =>
        (await Send(Study().Deflated("Thumbs.db", Jane[0][..^50]))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "dicom_truncated");

    [Fact]
    public async Task An_upload_without_any_dicom_file_is_refused() =>
        (await Send(new ZipForge().Deflated(".DS_Store", [1]))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "no_instances");

    [Fact]
    public async Task A_deflated_data_set_counts_with_its_inflated_size()
    {
        const int max = 1 << 20;
        var small = await AegisApp.Start(("Studies:MaxUnpackedBytes", $"{max}"));
        await using var _ = small;
        var file = Part10File.Minimal(Part10File.Deflated).Add(0x7FE00010, "OW", new byte[max]).ToBytes();

        var refused = await small.Fulfil(await small.AskForJaneDoe(), Parcel.Bytes(file, "application/dicom"));

        file.Length.Should().BeLessThan(max / 10);
        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "upload_too_large_unpacked");
    }

    private static System.Text.Json.JsonElement Ignored(ApiResponse response, int count)
    {
        var warning = response.Json.GetProperty("warnings").EnumerateArray().Single();
        warning.GetProperty("code").GetString().Should().Be("files_ignored");
        warning.GetProperty("instances").GetInt32().Should().Be(count);
        return warning;
    }

    private static string[] Names(System.Text.Json.JsonElement warning) =>
        [.. warning.GetProperty("names").EnumerateArray().Select(n => n.GetString()!)];

    private static ZipForge Study()
    {
        var zip = new ZipForge();
        foreach (var (file, i) in Jane.Select((f, i) => (f, i))) zip.Deflated($"DICOM/{i}", file);
        return zip;
    }

    private async Task<ApiResponse> Send(ZipForge zip) =>
        await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(zip.Close(), "application/zip"));
}
