namespace Aegis.Interop.Tests.Images;

/// <summary>
/// Files of other software, sent through the exchange and read by other software. Each file is sent once. <see cref="RealFiles"/> lists
/// the files, and <see cref="Describe"/> runs pydicom, daikon and the validator on them.
/// </summary>
public sealed class RealFileTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    public static TheoryData<string> All => RealFiles.All;

    public static TheoryData<string> Images => RealFiles.Images;

    public static TheoryData<string> InBigEndian => RealFiles.InBigEndian;

    public static TheoryData<string> ForPydicom => RealFiles.ForPydicom;

    public static TheoryData<string> ForDaikon => RealFiles.ForDaikon;

    public static TheoryData<string, string> Refused => RealFiles.Refused;

    [InteropTheory("dcmdump", "daikon", "pydicom")]
    [MemberData(nameof(All))]
    public async Task Dcmdump_reads_a_file_without_warnings(string name)
    {
        var dump = (await Tool.Run("dcmdump", "-q", (await Receive(name)).Instance)).ShouldSucceed();

        dump.Errors.Should().BeEmpty();
        dump.Output.Should().Contain("(0012,0062) CS [");
    }

    [InteropTheory("daikon", "pydicom")]
    [MemberData(nameof(ForPydicom))]
    public async Task Pydicom_reads_the_same_pixel_data_and_no_patient(string name)
    {
        var views = await PydicomView.Of(RealFiles.PathOf(name), (await Receive(name)).Instance);

        var (original, received) = (views[0], views[1]);
        received.PatientName.Should().StartWith("P-");
        received.PatientId.Should().Be(received.PatientName);
        received.PatientIdentityRemoved.Should().BeOneOf("YES", "NO");
        (received.Pixels, received.PixelsSha256).Should().Be((original.Pixels, original.PixelsSha256));
    }

    [InteropTheory("daikon", "pydicom")]
    [MemberData(nameof(ForDaikon))]
    public async Task Daikon_decodes_the_same_picture_and_no_patient(string name)
    {
        var views = await DaikonView.Of(RealFiles.PathOf(name), (await Receive(name)).Instance);

        var (original, received) = (views[0], views[1]);
        received.Parsed.Should().BeTrue();
        received.PatientName.Should().StartWith("P-");
        received.PatientIdentityRemoved.Should().BeOneOf("YES", "NO");
        (received.Rows, received.Columns, received.Picture).Should().Be((original.Rows, original.Columns, original.Picture));
    }

    [InteropTheory("dcmconv", "daikon", "pydicom")]
    [MemberData(nameof(InBigEndian))]
    public async Task A_big_endian_image_matches_the_conversion_of_dcmtk(string name)
    {
        var (received, turned) = ((await Receive(name)).Instance, Path.Combine(exchange.NewFolder(), "turned.dcm"));
        (await Tool.Run("dcmconv", "+te", RealFiles.PathOf(name), turned)).ShouldSucceed();

        var daikon = await DaikonView.Of(turned, received);
        var pydicom = await PydicomView.Of(turned, received);

        daikon[1].Parsed.Should().BeTrue();
        (daikon[1].Rows, daikon[1].Columns, daikon[1].Picture).Should().Be((daikon[0].Rows, daikon[0].Columns, daikon[0].Picture));
        pydicom[1].PixelsSha256.Should().Be(pydicom[0].PixelsSha256);
    }

    [InteropTheory("dciodvfy", "daikon", "pydicom")]
    [MemberData(nameof(Images))]
    public async Task Dciodvfy_finds_no_new_error(string name) =>
        (await Describe.Errors((await Receive(name)).Instance)).Should().BeSubsetOf(await Describe.Errors(RealFiles.PathOf(name)));

    [InteropTheory("daikon", "pydicom")]
    [MemberData(nameof(Refused))]
    public async Task An_unreadable_file_is_refused_with_its_code(string name, string code)
    {
        var refused = await exchange.FulfilConfirmed(() => ExchangeFixture.Bytes(RealFiles.PathOf(name), "application/dicom"));

        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, code);
    }

    [InteropTheory("daikon", "pydicom")]
    [InlineData("daikon/jpeg_baseline_8bit", "patient_mismatch")] // has another name and another birth date
    [InlineData("daikon/volume/brain_001", "patient_unverifiable")] // has no name and no birth date
    public async Task Without_a_confirmation_the_patient_check_refuses_a_file(string name, string code) =>
        (await exchange.Fulfil(ExchangeFixture.Bytes(RealFiles.PathOf(name), "application/dicom"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, code);

    private Task<Received> Receive(string name) => exchange.Receive(RealFiles.PathOf(name));
}
