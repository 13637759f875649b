using System.IO.Compression;
using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>
/// What a consumer gets of a patient: the same pseudonym in every study, consistently shifted dates, and no text hidden in pixels.
/// </summary>
public sealed class PseudonymousStudyTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly SyntheticStudySpec One = Parcel.Jane with { Series = 1, InstancesPerSeries = 1, PatientId = "MRN-5001" };

    [Fact]
    public async Task Two_patients_get_two_pseudonyms_and_one_patient_keeps_one()
    {
        var first = await Received(One);
        var again = await Received(One with { Seed = 7 });
        var other = await Received(One with { Seed = 8, PatientId = "MRN-5002" });

        // Orthanc and others distinguish patients by Patient ID only.
        first["0010,0020"].Should().MatchRegex("^P-[0-9A-Z]{16}$").And.Be(again["0010,0020"]);
        first["0010,0010"].Should().Be(first["0010,0020"]);
        other["0010,0020"].Should().NotBe(first["0010,0020"]);
        again["0020,000D"].Should().NotBe(first["0020,000D"]);
    }

    [Fact]
    public async Task The_dates_of_a_patient_shift_equally_for_every_spelling_in_a_request()
    {
        await Agree("Shift");
        try
        {
            var one = await Received(One with { PatientId = "MRN-5003" }, lastName: "Müller");
            var other = await Received(
                One with { PatientId = "MRN-5003", StudyDate = "20240520", Seed = 3 }, lastName: "Mueller", firstName: "Jane M");

            (Date(other).DayNumber - Date(one).DayNumber).Should().Be(3);
        }
        finally
        {
            await Agree("Remove");
        }
    }

    [Fact]
    public async Task A_patient_of_0_1_0_keeps_the_old_shift_for_every_spelling()
    {
        await Agree("Shift");
        try
        {
            var spec = One with { PatientId = "MRN-5004" };
            var before = await Received(spec, lastName: "Old-Spelling");
            await app.Database.Run(
                $"UPDATE {TestDatabase.Table("studies", "requests")} SET PatientPseudonym = NULL WHERE PatientPseudonym = "
                    + $"'{before["0010,0020"]}'");

            var known = await Received(spec with { Seed = 4 }, lastName: "Old-Spelling");
            var respelt = await Received(spec with { Seed = 5 }, lastName: "Respelt");
            var stranger = await Received(spec with { Seed = 6, PatientId = "MRN-5005" }, lastName: "Stranger");

            Date(known).Should().NotBe(Date(before), "0.1.0 took the fingerprint of the request");
            Date(respelt).Should().Be(Date(known));
            Date(stranger).Should().NotBe(Date(known));
        }
        finally
        {
            await Agree("Remove");
        }
    }

    [Fact]
    public async Task A_pseudonym_derived_from_the_name_is_a_warning()
    {
        var response = await app.Fulfil(await app.AskForJaneDoe(), Parcel.Multipart((One with { PatientId = "0" }).Files()));

        response.ShouldBe(HttpStatusCode.Created).Json.GetProperty("warnings")[0].GetProperty("code").GetString()
            .Should().Be("pseudonym_by_name");
    }

    [Fact]
    public async Task Dropped_values_are_listed_by_tag_also_in_the_answer_to_a_repeat()
    {
        var id = await app.AskForJaneDoe();
        var file = Jane().Add(0x00080008, "CS", @"ORIGINAL\of Jane").Add(0x00620005, "LO", "Liver of Jane").ToBytes();

        var response = await app.Fulfil(id, Parcel.Bytes(file, "application/dicom"));
        var repeated = await app.Fulfil(id, Parcel.Bytes(file, "application/dicom"));

        var warning = response.ShouldBe(HttpStatusCode.Created).Json.GetProperty("warnings").EnumerateArray().Single();
        warning.GetProperty("code").GetString().Should().Be("values_dropped");
        warning.GetProperty("tags").GetRawText().Should().Be("""["0008,0008","0062,0005"]""");
        repeated.ShouldBe(HttpStatusCode.OK).Text.Should().Be(response.Text);
        var opened = await app.As("consumer").Post($"/v1/transfers/{response["transferId"]}/open");
        opened.ShouldBe(HttpStatusCode.OK).Text.Should().Contain("\"0062,0005\"").And.NotContain("Liver");
    }

    [Fact]
    public async Task An_unreadable_value_that_the_picture_needs_is_refused_with_its_tag()
    {
        var response = await app.Fulfil(
            await app.AskForJaneDoe(), Parcel.Bytes(Jane().Add(0x00280030, "DS", @"half\half").ToBytes(), "application/dicom"));

        response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "dicom_value_invalid")["tag"].Should().Be("0028,0030");
        response.Text.Should().NotContain("half");
    }

    [Fact]
    public async Task Undeclared_bits_are_a_finding_and_a_declared_overlay_is_removed()
    {
        var asked = await app.AskForJaneDoe();
        var undeclared = Jane().Add(0x00280010, "US", [2, 0]).Add(0x00280011, "US", [2, 0]).Add(0x00280100, "US", [16, 0])
            .Add(0x00280101, "US", [12, 0])
            .Add(0x00280102, "US", [11, 0]).Add(0x00280103, "US", [0, 0]).Add(0x7FE00010, "OW", Picture.Words(1, 0x1002, 3, 4));
        var declared = Jane().Add(0x00280010, "US", [2, 0]).Add(0x00280011, "US", [2, 0]).Add(0x00280100, "US", [16, 0])
            .Add(0x00280101, "US", [12, 0])
            .Add(0x00280102, "US", [11, 0]).Add(0x00280103, "US", [0, 0]).Add(0x60000100, "US", [16, 0]).Add(0x60000102, "US", [12, 0])
            .Add(0x7FE00010, "OW", Picture.Words(1, 0x1002, 3, 4));

        var refused = await app.Fulfil(asked, Parcel.Bytes(undeclared.ToBytes(), "application/dicom"));
        var received = await Opened(await app.Fulfil(asked, Parcel.Bytes(declared.ToBytes(), "application/dicom")));

        refused.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "pixel_phi_risk");
        refused.Text.Should().Contain("unused_bits");
        received.Values["7FE0,0010"].Should().Equal(Picture.Words(1, 2, 3, 4));
    }

    private static Part10File Jane() => Part10File.Minimal().Add(0x00100010, "PN", "DOE^JANE").Add(0x00100030, "DA", "19710305");

    private async Task<ConsumersCopy> Received(SyntheticStudySpec spec, string lastName = "Doe", string firstName = "Jane")
    {
        var body = new { providerId = "prov_123", patient = new { lastName, firstName, dob = "1971-03-05" }, reason = "Second opinion" };
        var id = (await app.As("consumer").Post("/v1/requests", body)).ShouldBe(HttpStatusCode.Created).Id;
        return await Opened(await app.FulfilConfirmed(id, () => Parcel.Multipart(spec.Files())));
    }

    private async Task<ConsumersCopy> Opened(ApiResponse fulfilled)
    {
        var opened = (await app.As("consumer")
            .Post($"/v1/transfers/{fulfilled.ShouldBe(HttpStatusCode.Created)["transferId"]}/open")).ShouldBe(HttpStatusCode.OK);
        using var zip = new ZipArchive(new MemoryStream((await app.Anonymous.Get(opened["url"]!)).ShouldBe(HttpStatusCode.OK).Body));
        using var bytes = new MemoryStream();
        await using (var entry = zip.Entries.First(e => e.Name.EndsWith(".dcm", StringComparison.Ordinal))
            .Open()) await entry.CopyToAsync(bytes);
        return new(await Deidentified.Read(bytes.ToArray()));
    }

    private static DateOnly Date(ConsumersCopy study) => DateOnly.ParseExact(study["0008,0020"]!, "yyyyMMdd");

    private Task Agree(string dates) =>
        app.Database.Run($"UPDATE {TestDatabase.Table("auth", "partnerships")} SET Deidentification_Dates = '{dates}'");
}

/// <summary>One instance as the consumer receives it.</summary>
internal sealed record ConsumersCopy(IReadOnlyDictionary<string, byte[]> Values)
{
    public string? this[string path] =>
        Values.TryGetValue(path, out var value) ? System.Text.Encoding.Latin1.GetString(value).Trim(' ', '\0') : null;
}
