using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Findings that a provider has to check before a study is delivered.</summary>
public sealed class FindingsTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly SyntheticStudySpec AnotherPatient = Parcel.Jane with { PatientName = "SYNTHETIC^ONE" };
    private static readonly SyntheticStudySpec AnotherBirthDate = Parcel.Jane with { BirthDate = "19710503" };
    private static readonly SyntheticStudySpec Unnamed = Parcel.Jane with { PatientName = "" };
    private static readonly SyntheticStudySpec Ultrasound = Parcel.Jane with { Modality = "US" };

    public static TheoryData<string, string, string, string> Cases => new()
    {
        { nameof(AnotherPatient), "patient_mismatch", "other_patient", "family_name,given_name" },
        { nameof(AnotherBirthDate), "patient_mismatch", "other_patient", "birth_date" },
        { nameof(Unnamed), "patient_unverifiable", "missing", "" },
        { nameof(Ultrasound), "pixel_phi_risk", "modality", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_finding_stops_the_upload_and_does_not_reveal_the_value_in_the_file(
        string which, string code, string reason, string differs)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Multipart(Study(which).Files()));

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, code);
        response["position"].Should().Be("1");
        var finding = response.Findings().Should().ContainSingle().Subject;
        finding.GetProperty("id").GetString().Should().MatchRegex("^[0-9a-f]{32}$");
        finding.GetProperty("code").GetString().Should().Be(code);
        finding.GetProperty("reason").GetString().Should().Be(reason);
        string.Join(',', finding.GetProperty("differs").EnumerateArray().Select(d => d.GetString())).Should().Be(differs);
        finding.GetProperty("instances").GetInt32().Should().Be(4);
        response.Text.Should().NotContainAny("SYNTHETIC", "JANE", "Jane", "1971", "0503");
        (await app.StatusOf(id)).Should().Be("pending");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_finding_that_is_confirmed_by_its_id_is_accepted_and_recorded(
        string which, string code, string reason, string differs)
    {
        _ = (reason, differs);
        var id = await app.AskForJaneDoe();
        var refused = await app.Fulfil(id, Parcel.Multipart(Study(which).Files()));

        var response = await app.Fulfil(id, Parcel.Zip(Study(which).Files().AsEnumerable().Reverse()), refused.ConfirmAll());

        response.ShouldBe(HttpStatusCode.Created);
        var details = (await app.Happened(id)).Should().ContainSingle(e => e.Action == "request.fulfilled").Subject.Details!;
        details["confirmed"].GetRawText().Should().Be($"[\"{code}\"]");
        details["findings"].GetRawText().Should().Be($"[\"{refused.Findings()[0].GetProperty("id").GetString()}\"]");
    }

    [Theory]
    [InlineData(nameof(AnotherPatient), false)]
    [InlineData(nameof(AnotherBirthDate), false)]
    [InlineData(nameof(Unnamed), true)]
    [InlineData(nameof(Ultrasound), true)]
    public async Task A_code_without_an_id_confirms_what_a_person_checked_but_never_another_patient(string which, bool isEnough)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(
            id, Parcel.Multipart(Study(which).Files()),
            "?confirm=patient_mismatch&confirm=study_mismatch&confirm=patient_unverifiable&confirm=pixel_phi_risk");

        response.Status.Should().Be(isEnough ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_confirmation_covers_the_one_finding_and_no_other()
    {
        var id = await app.AskForJaneDoe();
        var one = await app.Fulfil(id, Parcel.Multipart(AnotherPatient.Files()));
        var pictures = Ultrasound.Files();
        var fewer = await app.Fulfil(id, Parcel.Multipart(pictures[..2]));
        var elsewhere = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Multipart(AnotherPatient.Files()));

        var anotherPerson =
            await app.Fulfil(id, Parcel.Multipart((AnotherPatient with { PatientName = "SYNTHETIC^TWO" }).Files()), one.ConfirmAll());
        var morePictures = await app.Fulfil(id, Parcel.Multipart(pictures), fewer.ConfirmAll());
        var anotherRequest = await app.Fulfil(id, Parcel.Multipart(AnotherPatient.Files()), elsewhere.ConfirmAll());
        var anotherCode =
            await app.Fulfil(id, Parcel.Multipart(AnotherPatient.Files()), one.ConfirmAll().Replace("patient_mismatch", "study_mismatch"));

        anotherPerson.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
        morePictures.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "pixel_phi_risk");
        anotherRequest.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
        anotherCode.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
    }

    [Fact]
    public async Task All_findings_are_listed_at_once_and_each_needs_a_confirmation()
    {
        var id = await app.AskForJaneDoe(study: new { modality = "MR" });
        var files = (AnotherPatient with { Modality = "US" }).Files();

        var refused =
            (await app.Fulfil(id, Parcel.Multipart(files))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
        var some = await app.Fulfil(id, Parcel.Multipart(files), refused.ConfirmAll().Split('&')[0]);
        var all = await app.Fulfil(id, Parcel.Multipart(files), refused.ConfirmAll());

        refused.Findings().Select(f => f.GetProperty("code").GetString())
            .Should().Equal("patient_mismatch", "study_mismatch", "pixel_phi_risk");
        some.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "study_mismatch").Findings().Should().HaveCount(2);
        all.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("patient_mismatch:")]
    [InlineData("patient_mismatch:DOE")]
    [InlineData("everything:0123456789abcdef0123456789abcdef")]
    public async Task An_unknown_confirmation_is_refused(string confirm)
    {
        var id = await app.AskForJaneDoe();

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()), $"?confirm={confirm}")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_confirmed_risk_is_a_warning_of_the_answer()
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Multipart(Ultrasound.Files()), "?confirm=pixel_phi_risk");

        var warning = response.ShouldBe(HttpStatusCode.Created).Json.GetProperty("warnings").EnumerateArray().Single();
        warning.GetProperty("code").GetString().Should().Be("pixel_phi_risk");
        warning.GetProperty("instances").GetInt32().Should().Be(4);
    }

    [Theory]
    [InlineData("SMITH^JOHN", "19500101")]
    [InlineData("DOE^JANE", "19500101")]
    [InlineData("SMITH^JOHN", "19710305")]
    public async Task Two_patients_in_one_upload_cannot_be_confirmed(string name, string birthDate)
    {
        var id = await app.AskForJaneDoe();
        var files = (Parcel.Jane with { PatientName = "DOE^JANE M" }).Files();
        files[3] = (Parcel.Jane with { PatientName = name, BirthDate = birthDate }).Files()[3];

        var response = await app.Fulfil(id, Parcel.Zip(files), "?confirm=patient_mismatch");

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "multiple_patients")["position"].Should().Be("4");
        response.Json.TryGetProperty("findings", out _).Should().BeFalse();
        // a trace id may contain the digits of a year
        response.Text.Should().NotContainAny("SMITH", "JANE", "19500101", "19710305", "1950-01-01", "1971-03-05");
    }

    [Fact]
    public async Task Different_spellings_and_ids_of_one_patient_within_a_study_are_warnings()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();
        files[2] = (Parcel.Jane with { PatientName = "DOE^JANE MARIE", PatientId = "ANOTHER", Sex = "M" }).Files()[2];

        var response = await app.Fulfil(id, Parcel.Zip(files));

        response.ShouldBe(HttpStatusCode.Created).Json.GetProperty("warnings").EnumerateArray()
            .Select(w => $"{w.GetProperty("code").GetString()} {w.GetProperty("instances").GetInt32()}")
            .Should().Equal("given_names_differ 1", "patient_id_changes 1", "patient_sex_changes 1");
    }

    private static SyntheticStudySpec Study(string which) => which switch
    {
        nameof(AnotherPatient) => AnotherPatient,
        nameof(AnotherBirthDate) => AnotherBirthDate,
        nameof(Unnamed) => Unnamed,
        _ => Ultrasound,
    };
}
