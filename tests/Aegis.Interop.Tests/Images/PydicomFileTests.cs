namespace Aegis.Interop.Tests.Images;

/// <summary>
/// Files written by pydicom: private and unknown attributes in every syntax, and fragments with every kind of offset table.
/// </summary>
public sealed class PydicomFileTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    [InteropTheory("pydicom", "dcmdump", "dcmconv", "dciodvfy", "daikon")]
    [InlineData("big")]
    [InlineData("deflated")]
    [InlineData("implicit_private")]
    [InlineData("explicit_private")]
    [InlineData("deflated_private")]
    [InlineData("big_private")]
    [InlineData("multi_frame")]
    [InlineData("fragmented")]
    [InlineData("without_table")]
    [InlineData("extended_table")]
    public async Task A_variant_keeps_its_pixels_and_loses_hidden_text_in_every_reader(string variant)
    {
        var sent = Path.Combine(exchange.NewFolder(), $"{variant}.dcm");
        (await Tool.Run(Tool.Python, Path.Combine(Tool.Folder, "Images", "write.py"), await exchange.SynthesizeOne(), variant,
            sent)).ShouldSucceed();

        var received = (await exchange.Receive(sent)).Instance;

        (await Tool.Run("dcmdump", "-q", received)).ShouldSucceed().Errors.Should().BeEmpty();
        var pydicom = await PydicomView.Of(sent, received);
        (pydicom[1].Pixels, pydicom[1].PixelsSha256).Should().Be((pydicom[0].Pixels, pydicom[0].PixelsSha256));
        if (variant != "extended_table")
            await DaikonReadsTheSame(sent, received, hasPicture: !variant.StartsWith("big", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(received, Encoding.Latin1)).Should().NotContain("NEEDLE");
        (await Describe.Errors(received)).Should().BeSubsetOf(await Describe.Errors(sent));
    }

    /// <summary>
    /// Daikon does not know OV, the representation of an extended table. Whether it can skip one depends on the bytes.
    /// </summary>
    private static async Task DaikonReadsTheSame(string sent, string received, bool hasPicture)
    {
        var daikon = await DaikonView.Of(sent, received);
        daikon.Should().OnlyContain(d => d.Parsed);
        daikon[1].PatientName.Should().StartWith("P-");
        if (hasPicture) daikon[1].Picture.Should().Be(daikon[0].Picture).And.NotBe("none");
    }
}
