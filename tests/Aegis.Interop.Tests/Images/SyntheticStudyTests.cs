namespace Aegis.Interop.Tests.Images;

/// <summary>Our synthetic images are valid before and after the exchange.</summary>
public sealed class SyntheticStudyTests(ExchangeFixture exchange) : IClassFixture<ExchangeFixture>
{
    [InteropTheory("dciodvfy")]
    [InlineData("CT")]
    [InlineData("MR")]
    public async Task Dciodvfy_finds_no_error_before_and_after(string modality)
    {
        var sent = await exchange.SynthesizeOne(modality);

        var received = await exchange.Receive([sent]);

        (await Describe.Errors(sent)).Should().BeEmpty();
        (await Describe.Errors(received.Instance)).Should().BeEmpty();
    }

    [InteropTheory("dciodvfy")]
    [InlineData("CT")]
    [InlineData("MR")]
    public async Task Dciodvfy_recognises_the_object(string modality)
    {
        var received = await exchange.Receive([await exchange.SynthesizeOne(modality)]);

        var run = await Tool.Run("dciodvfy", received.Instance);

        (run.Output + run.Errors).Should().Contain($"{modality}Image");
    }

    [InteropTheory("dcmdump", "pydicom", "daikon")]
    [InlineData("CT")]
    [InlineData("MR")]
    public async Task Every_reader_reads_a_synthetic_image(string modality)
    {
        var sent = await exchange.SynthesizeOne(modality);
        var received = (await exchange.Receive([sent])).Instance;

        var dump = (await Tool.Run("dcmdump", "-q", received)).ShouldSucceed();
        var pydicom = await PydicomView.Of(sent, received);
        var daikon = await DaikonView.Of(sent, received);

        dump.Errors.Should().BeEmpty();
        pydicom[1]
            .Should().Be(pydicom[0] with
            {
                Elements = pydicom[1].Elements,
                PatientName = pydicom[1].PatientName,
                PatientId = pydicom[1].PatientName,
                PatientIdentityRemoved = "YES"
            });
        pydicom[1].PatientName.Should().MatchRegex("^P-[0-9A-Z]{16}$");
        pydicom[1].Pixels.Should().Be(256 * 256 * 2);
        daikon[1].Should().Be(daikon[0] with { PatientName = pydicom[1].PatientName, PatientIdentityRemoved = "YES" });
        daikon[1].Picture.Should().HaveLength(64);
    }
}
