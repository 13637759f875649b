using Aegis.Dicom.Patient;
using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Dicom;

public sealed class SyntheticStudyTests
{
    [Fact]
    public void Jane_Does_study_has_two_series_and_24_instances()
    {
        var study = new SyntheticStudy(SyntheticStudySpec.JaneDoe);

        study.Instances.Should().HaveCount(24);
        study.Instances.Select(x => x.Series).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public async Task Equal_specs_give_equal_bytes_and_another_seed_another_study()
    {
        var one = await Instance(SyntheticStudySpec.JaneDoe, 1, 3);
        var same = await Instance(SyntheticStudySpec.JaneDoe with { }, 1, 3);
        var other = new SyntheticStudy(SyntheticStudySpec.JaneDoe with { Seed = 7 });

        same.Should().Equal(one);
        other.StudyUid.Should().NotBe(new SyntheticStudy(SyntheticStudySpec.JaneDoe).StudyUid).And.StartWith("2.25.");
    }

    [Theory]
    [InlineData("CT", false)]
    [InlineData("MR", true)]
    public async Task Synthetic_files_name_the_patient_until_they_are_de_identified(string modality, bool isImplicit)
    {
        var file = await Instance(SyntheticStudySpec.JaneDoe with { Modality = modality, ImplicitVr = isImplicit }, 2, 12);

        var result = await Deidentified.From(file);

        result.Report.Patient.Matches("Doe", "Jane", "19710305").Should().Be(PatientMatch.Match);
        result.Report.Modality.Should().Be(modality);
        result.Report.Warnings.Should().BeEmpty();
        result.Report.IdentityRemoved.Should().BeTrue();
        result.Values["7FE0,0010"].Should().HaveCount(256 * 256 * 2);
        foreach (var identifying in (string[])["DOE", "MRN-0042", "HOUSE", "General Hospital", "A-2024", "SN-314159", "19710305",
            "20240517"])
            result.Contains(identifying).Should().BeFalse(identifying);
    }

    private static async Task<byte[]> Instance(SyntheticStudySpec spec, int series, int number)
    {
        using var to = new MemoryStream();
        await new SyntheticStudy(spec).Write(to, series, number, default);
        return to.ToArray();
    }
}
