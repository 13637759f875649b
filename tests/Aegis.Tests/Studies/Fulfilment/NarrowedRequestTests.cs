namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Compares the patient and study of a request with those of the files, through the API.</summary>
public sealed class NarrowedRequestTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("ดี", "สมชาย", "ดู^สมชาย", false)]
    [InlineData("ดี", "สมชาย", "ดี^สมชาย", true)]
    [InlineData("Müller", "Jörg", "MUELLER^JOERG", true)]
    [InlineData("Đặng", "Hùng", "DANG^HUNG", true)]
    [InlineData("Đặng", "Hùng", "Đặng^Hưng", false)]
    [InlineData("Doe", "Jane", "Doe, Jane", true)]
    [InlineData("Doe", "Jane", "DOE JR^JANE", true)]
    [InlineData("Doe", "Baby", "DOE^BABY B", false)]
    public async Task The_patient_is_matched_by_the_documented_rules(string lastName, string firstName, string name, bool isPatient)
    {
        var asked = new { providerId = "prov_123", patient = new { lastName, firstName, dob = "1971-03-05" }, reason = "Second opinion" };
        var id = (await app.As("consumer").Post("/v1/requests", asked)).ShouldBe(HttpStatusCode.Created).Id;

        var response = await app.Fulfil(id, Parcel.Bytes(File(name), "application/dicom"));

        if (isPatient) response.ShouldBe(HttpStatusCode.Created);
        else response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "patient_mismatch");
    }

    [Theory]
    [InlineData("ISO IR 100")]
    [InlineData("UTF-8")]
    public async Task A_name_in_ascii_is_read_under_any_character_set(string label)
    {
        var id = await app.AskForJaneDoe();

        (await app.Fulfil(id, Parcel.Bytes(File("DOE^JANE", label), "application/dicom"))).ShouldBe(HttpStatusCode.Created);
    }

    public static TheoryData<object, string> Narrowed => new()
    {
        { new { modality = "MR", accessionNumber = "A-1", dateFrom = "2020-01-01", dateTo = "2020-12-31" },
            "modality,accession_number,study_date" },
        { new { modality = "MR" }, "modality" },
        { new { accessionNumber = "ACC 2" }, "accession_number" },
        { new { dateFrom = "2024-05-18" }, "study_date" },
        { new { dateTo = "2024-05-16" }, "study_date" },
        { new { modality = "CT", accessionNumber = "acc1", dateFrom = "2024-05-17", dateTo = "05/17/2024" }, "" },
        { new { bodyPart = "HEAD" }, "" },
    };

    [Theory]
    [MemberData(nameof(Narrowed))]
    public async Task The_study_members_of_a_request_are_compared_with_the_study(object study, string differs)
    {
        var id = await app.AskForJaneDoe(study);

        var response =
            await app.Fulfil(id, Parcel.Multipart([File("DOE^JANE", instance: 1, modality: "SR"), File("DOE^JANE", instance: 2)]));

        if (differs.Length == 0)
        {
            response.ShouldBe(HttpStatusCode.Created);
            return;
        }

        var finding = response.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "study_mismatch").Findings()
            .Should().ContainSingle().Subject;
        string.Join(',', finding.GetProperty("differs").EnumerateArray().Select(d => d.GetString())).Should().Be(differs);
        response.Text.Should().NotContainAny("ACC", "2024", "CT");
        (await app.Fulfil(id, Parcel.Multipart([File("DOE^JANE", instance: 1, modality: "SR"), File("DOE^JANE", instance: 2)]),
            response.ConfirmAll())).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_study_without_a_value_of_the_request_does_not_match()
    {
        var id = await app.AskForJaneDoe(new { accessionNumber = "ACC1" });

        (await app.Fulfil(id, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "study_mismatch");
    }

    [Fact]
    public async Task A_study_without_a_date_does_not_match_a_date_range()
    {
        var id = await app.AskForJaneDoe(new { dateFrom = "2024-05-01" });

        (await app.Fulfil(id, Parcel.Bytes(File("DOE^JANE", date: ""), "application/dicom"))).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "study_mismatch");
    }

    private static byte[] File(
        string name, string label = "ISO_IR 192", int instance = 1, string modality = "CT", string date = "20240517") => new Part10File()
        .Add(0x00080005, "CS", label).Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00080018, "UI", $"1.2.3.4.5.{instance}")
        .Add(0x00080020, "DA", date).Add(0x00080050, "SH", "ACC1 ").Add(0x00080060, "CS", modality)
        .Add(0x00100010, "PN", Padded(name)).Add(0x00100030, "DA", "19710305").Add(0x0020000D, "UI", "1.2.3.4")
        .Add(0x0020000E, "UI", $"1.2.3.4.{instance}")
        .ToBytes();

    private static byte[] Padded(string name) =>
        Encoding.UTF8.GetBytes(name) is var bytes && bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)' '];
}
