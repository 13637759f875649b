using System.Net;
using Aegis.Dicom.Synthetic;
using Aegis.Kernel.Persistence;
using Aegis.Studies.Persistence;
using Aegis.Tests.App;
using Aegis.Tests.Studies.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>What a provider has to look at before a study leaves the house.</summary>
public sealed class FindingsTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly SyntheticStudySpec AnotherPatient = Parcel.Jane with { PatientName = "SYNTHETIC^ONE" };
    private static readonly SyntheticStudySpec AnotherBirthDate = Parcel.Jane with { BirthDate = "19710503" };
    private static readonly SyntheticStudySpec Unnamed = Parcel.Jane with { PatientName = "" };
    private static readonly SyntheticStudySpec Ultrasound = Parcel.Jane with { Modality = "US" };

    public static TheoryData<string, string> Cases => new()
    {
        { nameof(AnotherPatient), "patient_mismatch" },
        { nameof(AnotherBirthDate), "patient_mismatch" },
        { nameof(Unnamed), "patient_unverifiable" },
        { nameof(Ultrasound), "pixel_phi_risk" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_finding_stops_the_upload_and_says_nothing_of_what_the_file_held(string which, string code)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Multipart(Study(which).Files()));

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, code);
        response["position"].Should().Be("1");
        response.Text.Should().NotContainAny("SYNTHETIC", "JANE", "Jane", "1971", "0503");
        (await app.StatusOf(id)).Should().Be("pending");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_finding_that_is_confirmed_is_let_through_and_written_down(string which, string code)
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Multipart(Study(which).Files()), $"?confirm={code}&confirm=patient_mismatch");

        response.ShouldBe(HttpStatusCode.Created);
        (await app.Happened(id)).Should().ContainSingle(e => e.Action == "request.fulfilled").Which.Details!["confirmed"].GetRawText().Should().Be($"[\"{code}\"]");
    }

    [Fact]
    public async Task A_confirmation_of_something_else_does_not_help()
    {
        var id = await app.AskForJaneDoe();

        (await app.Fulfil(id, Parcel.Multipart(AnotherPatient.Files()), "?confirm=pixel_phi_risk&confirm=patient_unverifiable"))
            .ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
    }

    [Fact]
    public async Task An_unknown_confirmation_is_refused()
    {
        var id = await app.AskForJaneDoe();

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()), "?confirm=everything")).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
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

    [Fact]
    public async Task One_instance_of_another_patient_among_many_is_found()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();
        files[3] = AnotherPatient.Files()[3];

        var response = await app.Fulfil(id, Parcel.Zip(files));

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch")["position"].Should().Be("4");
    }

    private static SyntheticStudySpec Study(string which) => which switch
    {
        nameof(AnotherPatient) => AnotherPatient,
        nameof(AnotherBirthDate) => AnotherBirthDate,
        nameof(Unnamed) => Unnamed,
        _ => Ultrasound,
    };
}
