namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>A refused upload leaves the request unchanged and nothing on disk.</summary>
public sealed class UploadRefusalTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly List<byte[]> Jane = Parcel.Jane.Files();

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain; charset=utf-8")]
    public async Task Another_content_type_is_refused_with_the_three_that_are_accepted(string type)
    {
        var refused = await Refuse(Parcel.Bytes([1], type), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

        refused["detail"].Should().ContainAll("multipart/form-data", "application/zip", "application/dicom");
    }

    [Fact]
    public Task A_body_without_content_type_is_refused() =>
        Refuse(new ByteArrayContent(Jane[0]), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

    [Fact]
    public async Task A_strict_upload_refuses_a_file_that_is_not_dicom_by_position_and_not_by_name()
    {
        var zip = new ZipForge().Deflated("a", Jane[0]).Deflated("Doe_Jane_README.txt", "Hello"u8.ToArray()).Close();

        var refused = await Refuse(Parcel.Bytes(zip, "application/zip"), HttpStatusCode.UnprocessableEntity, "not_dicom", "?strict=true");

        refused["position"].Should().Be("2");
        refused.Text.Should().NotContain("README");
    }

    [Fact]
    public async Task A_truncated_instance_is_refused_with_its_offset()
    {
        var refused =
            await Refuse(Parcel.Bytes(Jane[0][..^50], "application/dicom"), HttpStatusCode.UnprocessableEntity, "dicom_truncated");

        refused["tag"].Should().Be("7FE0,0010");
        int.Parse(refused["offset"]!, System.Globalization.CultureInfo.InvariantCulture).Should().BeGreaterThan(132);
    }

    [Fact]
    public Task A_wrong_length_is_refused()
    {
        var lying = (byte[])Jane[0].Clone();
        lying.AsSpan(lying.Length - 128 - 4, 4).Fill(0x7F); // the length of Pixel Data

        return Refuse(Parcel.Bytes(lying, "application/dicom"), HttpStatusCode.UnprocessableEntity, "dicom_truncated");
    }

    [Fact]
    public Task A_zip_with_a_path_outside_is_refused() =>
        Refuse(Parcel.Bytes(new ZipForge().Deflated("../../etc/passwd", Jane[0]).Close(), "application/zip"),
            HttpStatusCode.UnprocessableEntity, "zip_entry_name");

    [Fact]
    public Task A_zip_bomb_is_refused()
    {
        const int pixels = 80 << 20;
        byte[] blank = [.. Jane[0].AsSpan(..^(128 + sizeof(int))), .. BitConverter.GetBytes(pixels), .. new byte[pixels]];

        return Refuse(Parcel.Bytes(new ZipForge().Deflated("a", blank).Close(), "application/zip"), HttpStatusCode.UnprocessableEntity,
            "zip_bomb");
    }

    [Fact]
    public Task A_zip_without_instances_is_refused() =>
        Refuse(Parcel.Bytes(new ZipForge().Close(), "application/zip"), HttpStatusCode.UnprocessableEntity, "no_instances");

    [Fact]
    public Task A_zip_that_ends_early_is_refused() =>
        Refuse(Parcel.Bytes(new ZipForge().Deflated("a", Jane[0]).Close()[..^30], "application/zip"), HttpStatusCode.UnprocessableEntity,
            "zip_truncated");

    [Fact]
    public async Task Multipart_that_ends_early_is_refused()
    {
        var whole = Parcel.Multipart(Jane);
        var bytes = await whole.ReadAsByteArrayAsync();

        await Refuse(Parcel.Bytes(bytes[..^20], whole.Headers.ContentType!.ToString()), HttpStatusCode.UnprocessableEntity,
            "upload_truncated");
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    public Task Malformed_multipart_is_refused(string type) =>
        Refuse(Parcel.Bytes(Encoding.ASCII.GetBytes("--x\r\n\r\nhello\r\n--x--\r\n"), type), HttpStatusCode.UnprocessableEntity,
            "multipart_invalid");

    [Fact]
    public Task A_part_with_another_name_is_refused() =>
        Refuse(new MultipartFormDataContent { { new StringContent("x"), "attachment" } }, HttpStatusCode.UnprocessableEntity,
            "multipart_invalid");

    [Fact]
    public Task A_manifest_after_the_first_part_is_refused() =>
        Refuse(
            new MultipartFormDataContent { { Parcel.Bytes(Jane[0], "application/dicom"), "file" },
                { new StringContent(Parcel.Manifest(Jane)), "manifest" } },
            HttpStatusCode.UnprocessableEntity, "multipart_invalid");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"instances":1,"bytes":1,"sha256":"ABC"}""")]
    [InlineData("not json")]
    public Task A_malformed_manifest_is_refused(string manifest) =>
        Refuse(Parcel.Multipart(Jane, manifest), HttpStatusCode.UnprocessableEntity, "manifest_invalid");

    [Fact]
    public async Task An_upload_that_differs_from_its_manifest_is_refused_with_the_differences()
    {
        (await Refuse(Parcel.Multipart(Jane, Parcel.Manifest(Jane, instances: 5)), HttpStatusCode.UnprocessableEntity, "manifest_mismatch"))
            .Json.GetProperty("differs").EnumerateArray().Select(d => d.GetString()).Should().Equal("instances");
        (await Refuse(Parcel.Multipart(Jane, Parcel.Manifest(Jane, bytes: 1, sha256: new string('0', 64))),
            HttpStatusCode.UnprocessableEntity, "manifest_mismatch"))
            .Json.GetProperty("differs").EnumerateArray().Select(d => d.GetString()).Should().Equal("bytes", "sha256");
    }

    [Fact]
    public async Task Two_different_files_of_one_instance_are_refused()
    {
        var other = (byte[])Jane[0].Clone();
        other[^1] ^= 1;

        (await Refuse(Parcel.Multipart([Jane[0], Jane[1], other]), HttpStatusCode.UnprocessableEntity, "duplicate_instance"))["position"]
            .Should().Be("3");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity, br")]
    public async Task An_upload_with_a_content_encoding_is_refused(string encoding)
    {
        var upload = Parcel.Zip(Jane);
        upload.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        await Refuse(upload, HttpStatusCode.UnsupportedMediaType, "content_encoding_unsupported");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("extra")]
    [InlineData("TRAILING JUNK OF A BROKEN TRANSFER")]
    [InlineData("\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000x")]
    [InlineData("\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF")]
    public Task Bytes_after_the_data_set_are_reported_as_such(string bytes) => Refuse(
        Parcel.Bytes([.. Jane[0], .. Encoding.Latin1.GetBytes(bytes)], "application/dicom"), HttpStatusCode.UnprocessableEntity,
        "dicom_trailing_data");

    [Fact]
    public Task Two_studies_in_one_upload_are_refused() =>
        Refuse(Parcel.Multipart([Jane[0], (Parcel.Jane with { Seed = 7 }).Files()[0]]), HttpStatusCode.UnprocessableEntity,
            "multiple_studies");

    [Fact]
    public async Task A_study_with_another_uid_than_requested_is_refused()
    {
        var id = await app.AskForJaneDoe(study: new { studyInstanceUid = "1.2.3" });

        (await app.Fulfil(id, Parcel.Multipart(Jane))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "study_mismatch");
    }

    private async Task<ApiResponse> Refuse(HttpContent upload, HttpStatusCode status, string code, string query = "")
    {
        var id = await app.AskForJaneDoe();
        var before = app.ContentFiles();

        var response = await app.Fulfil(id, upload, query);

        response.ShouldBeRefused(status, code);
        (await app.StatusOf(id)).Should().Be("pending");
        app.ContentFiles().Should().BeEquivalentTo(before);
        return response;
    }
}
