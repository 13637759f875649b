namespace Aegis.Interop.Tests.Uploads;

/// <summary>Images that dcmtk encoded in every way that it supports.</summary>
public sealed class DcmtkTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    [InteropTheory("dcmconv", "pydicom")]
    [InlineData("dcmconv +ti", "")]
    [InlineData("dcmconv +tb", "")] // converted to big endian and back
    [InlineData("dcmconv +tb +e", "")]
    [InlineData("dcmconv +td", "")]
    [InlineData("dcmconv +td +cl 0", "")] // stored blocks
    [InlineData("dcmconv +te +e", "")] // sequences with lengths
    [InlineData("dcmconv +te -e", "")] // and without
    [InlineData("dcmconv +te +g", "")] // group lengths
    [InlineData("dcmconv +te +p 2048 64", "")] // padded after the data set
    [InlineData("dcmcrle", "dcmdrle")]
    [InlineData("dcmcrle +fs 1", "dcmdrle")] // fragments of a kilobyte
    [InlineData("dcmcrle -ot", "dcmdrle")] // no offset table
    [InlineData("dcmcjpeg +e1", "dcmdjpeg")]
    [InlineData("dcmcjpeg +el", "dcmdjpeg")]
    [InlineData("dcmcjpls", "dcmdjpls")]
    public async Task An_encoded_image_comes_back_with_its_pixels(string encode, string decode)
    {
        var sent = await exchange.SynthesizeOne();

        var received = (await exchange.Receive([await Convert(encode, sent)])).Instance;

        var plain = decode == "" ? received : await Convert(decode, received);
        var views = await PydicomView.Of(sent, plain);
        (views[1].Pixels, views[1].PixelsSha256).Should().Be((views[0].Pixels, views[0].PixelsSha256));
        (await Describe.Errors(received)).Should().BeEmpty();
    }

    [InteropTheory("dcmodify", "dcmdump")]
    [InlineData("(0010,4000)=NEEDLE")] // Patient Comments
    [InlineData("(0008,1048)=NEEDLE^PHYSICIAN")] // Physician(s) of Record
    [InlineData("(0008,1110)[0].(0008,1155)=1.2.3.4.5")] // Referenced Study Sequence
    [InlineData("(0040,0275)[0].(0032,1060)=NEEDLE")] // Request Attributes Sequence, Requested Procedure Description
    [InlineData("(0038,0300)=NEEDLE")] // Current Patient Location
    public async Task Values_written_by_dcmodify_are_removed(string assignment)
    {
        var file = await Modify(await exchange.SynthesizeOne(), assignment);

        var dump = (await Tool.Run("dcmdump", "-q", (await exchange.Receive([file])).Instance)).ShouldSucceed().Output;

        dump.Should().NotContain("NEEDLE").And.NotContain("[1.2.3.4.5]");
    }

    [InteropFact("dcmodify")]
    public async Task A_private_element_written_by_dcmodify_is_removed()
    {
        var file = await Modify(await exchange.SynthesizeOne(), "(0029,0010)=SIEMENS CSA HEADER", "(0029,1008)=NEEDLE");

        var received = (await exchange.Receive([file])).Instance;

        (await File.ReadAllTextAsync(file, Encoding.Latin1)).Should().Contain("NEEDLE").And.Contain("SIEMENS");
        (await File.ReadAllTextAsync(received, Encoding.Latin1)).Should().NotContain("NEEDLE").And.NotContain("SIEMENS");
    }

    [InteropFact("dcmodify")]
    public async Task The_name_that_dcmodify_wrote_is_compared_with_the_request()
    {
        var file = await Modify(await exchange.SynthesizeOne(), "(0010,0010)=SYNTHETIC^OTHER");

        (await exchange.Fulfil(ExchangeFixture.Bytes(file, "application/dicom"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "patient_mismatch");
    }

    private async Task<string> Modify(string file, params string[] assignments)
    {
        var copy = Path.Combine(exchange.NewFolder(), "modified.dcm");
        File.Copy(file, copy);
        (await Tool.Run("dcmodify", [.. assignments.SelectMany(a => new[] { "-i", a }), "-nb", copy])).ShouldSucceed().Errors
            .Should().BeEmpty();
        return copy;
    }

    private async Task<string> Convert(string command, string file)
    {
        var words = command.Split(' ');
        var result = Path.Combine(exchange.NewFolder(), "converted.dcm");
        (await Tool.Run(words[0], [.. words[1..], file, result])).ShouldSucceed();
        return result;
    }
}
