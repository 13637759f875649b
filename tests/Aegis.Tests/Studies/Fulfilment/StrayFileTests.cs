using System.Net;
using Aegis.Tests.App;
using Aegis.Tests.Dicom;
using Aegis.Tests.Studies.Content;
using Aegis.Tests.Studies.Requests;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>What a zip of a folder holds besides the study.</summary>
public sealed class StrayFileTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly List<byte[]> Jane = Parcel.Jane.Files();

    [Fact]
    public async Task What_systems_leave_in_folders_is_passed_over_with_a_warning()
    {
        var zip = Study().Deflated("DICOM/.DS_Store", "\0\0\0\u0001Bud1"u8.ToArray()).Deflated("__MACOSX/DICOM/._0", "\0\u0005\u0016\u0007"u8.ToArray())
            .Deflated("DICOM/THUMBS.DB", [0xD0, 0xCF, 0x11, 0xE0]).Stored("DICOM/desktop.ini", "[.ShellClassInfo]"u8.ToArray()).Deflated("DICOMDIR", Parcel.MediaDirectory());

        var fulfilled = (await Send(zip)).ShouldBe(HttpStatusCode.Created);

        fulfilled.Json.GetProperty("instances").GetInt32().Should().Be(Jane.Count);
        var warning = fulfilled.Json.GetProperty("warnings").EnumerateArray().Single();
        warning.GetProperty("code").GetString().Should().Be("files_ignored");
        warning.GetProperty("instances").GetInt32().Should().Be(4);
    }

    [Theory]
    [InlineData("DICOM/report.txt")]
    [InlineData("DICOM/Doe_Jane.db")]
    [InlineData("DICOM/x.DS_Store")]
    public async Task Any_other_file_is_refused_by_its_place_and_never_its_name(string name)
    {
        var refused = await Send(Study().Deflated(name, "DOE^JANE"u8.ToArray()));

        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "not_dicom")["position"].Should().Be($"{Jane.Count + 1}");
        refused.Text.Should().NotContainAny("Jane", "JANE", "report", "DS_Store");
    }

    [Fact]
    public async Task An_instance_is_taken_whatever_its_name_is()
    {
        var zip = new ZipForge().Deflated("__MACOSX/.DS_Store", Jane[0]);

        (await Send(zip)).ShouldBe(HttpStatusCode.Created).Json.GetProperty("instances").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_broken_instance_is_refused_whatever_its_name_is() =>
        (await Send(Study().Deflated("Thumbs.db", Jane[0][..^50]))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "dicom_truncated");

    [Fact]
    public async Task Clutter_alone_is_no_study() =>
        (await Send(new ZipForge().Deflated(".DS_Store", [1]))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "no_instances");

    [Fact]
    public async Task A_deflated_data_set_counts_as_what_it_inflates_to()
    {
        const int most = 1 << 20;
        var small = await AegisApp.Start(("Studies:MaxUnpackedBytes", $"{most}"));
        await using var _ = small;
        var file = Part10File.Minimal(Part10File.Deflated).Add(0x7FE00010, "OW", new byte[most]).ToBytes();

        var refused = await small.Fulfil(await small.AskForJaneDoe(), Parcel.Bytes(file, "application/dicom"));

        file.Length.Should().BeLessThan(most / 10);
        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "upload_too_large_unpacked");
    }

    private static ZipForge Study()
    {
        var zip = new ZipForge();
        foreach (var (file, i) in Jane.Select((f, i) => (f, i))) zip.Deflated($"DICOM/{i}", file);
        return zip;
    }

    private async Task<ApiResponse> Send(ZipForge zip) => await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(zip.Close(), "application/zip"));
}
