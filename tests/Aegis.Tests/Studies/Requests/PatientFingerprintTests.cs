using Aegis.Studies.Requests;

namespace Aegis.Tests.Studies.Requests;

public sealed class PatientFingerprintTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly DateOnly Born = new(1971, 3, 5);

    [Theory]
    [InlineData("MÜLLER", "Jörg", true)]
    [InlineData("Muller", "Jorg", true)]
    [InlineData("mu\u0308l-ler", "jo\u0308rg ", true)]
    [InlineData("ＭÜＬＬＥＲ", "JÖRG", true)]
    [InlineData("Müllers", "Jörg", false)]
    [InlineData("Mülle", "rJörg", false)]
    public void The_fingerprint_is_equal_for_names_that_count_as_the_same_patient(string lastName, string firstName, bool same)
    {
        var found = new Aegis.Dicom.Patient.PatientIdentity(lastName, firstName, "19710305").Matches("Müller", "Jörg", "19710305");

        (Fingerprint(lastName, firstName) == Fingerprint("Müller", "Jörg")).Should().Be(same);
        (found is Aegis.Dicom.Patient.PatientMatch.Match).Should().Be(same);
    }

    private string Fingerprint(string lastName, string firstName) =>
        app.Services.GetRequiredService<RequestSeal>()
            .Seal("req_1", new RequestDetails(new Patient(lastName, firstName, Born), "r", null)).PatientFingerprint;
}
