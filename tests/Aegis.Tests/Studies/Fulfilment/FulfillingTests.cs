using System.Text.RegularExpressions;

namespace Aegis.Tests.Studies.Fulfilment;

public sealed class FulfillingTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task The_sandbox_s_first_study_answers_the_request_for_Jane_Doe()
    {
        var id = await app.AskForJaneDoe();
        var files = Directory.GetFiles(app.StudyFolder()).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();

        var response = await app.Fulfil(id, Parcel.Multipart(files, Parcel.Manifest(files)));

        response.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("24");
        response["transferId"].Should().MatchRegex("^trf_[0-9a-z]{26}$");
        response["sha256"].Should().MatchRegex("^[0-9a-f]{64}$");
        response.Json.GetProperty("warnings").GetArrayLength().Should().Be(0);
        response.Headers.Location!.ToString().Should().Be($"/v1/transfers/{response["transferId"]}");
        var request = await app.As("consumer").Get($"/v1/requests/{id}");
        request["status"].Should().Be("fulfilled");
        request["transferId"].Should().Be(response["transferId"]);
    }

    /// <summary>The interop tests have files that cause this: they have private elements in a sequence.</summary>
    [Fact]
    public void A_warning_about_tags_that_no_dictionary_names_can_be_stored_and_read()
    {
        var text = Aegis.Studies.Fulfilment.StudyWarning.ToText(
            [new("values_dropped", 3, []), new("files_ignored", 1), new("values_dropped", 2, ["0010,0010"])]);

        Aegis.Studies.Fulfilment.StudyWarning.FromText(text).Select(w => (w.Code, w.Instances, Tags: w.Tags?.Count ?? 0))
            .Should().Equal(("values_dropped", 3, 0), ("files_ignored", 1, 0), ("values_dropped", 2, 1));
        Aegis.Studies.Fulfilment.StudyWarning.FromText("values_dropped:3:").Single().Tags.Should().BeNull("a host may have stored it");
    }

    [Fact]
    public async Task The_same_study_in_another_format_gets_the_same_answer()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();
        var first = (await app.Fulfil(id, Parcel.Multipart(files))).ShouldBe(HttpStatusCode.Created);
        var content = app.ContentFiles();

        var zipped = await app.Fulfil(id, Parcel.Zip(files.AsEnumerable().Reverse()));
        var announced = await app.Fulfil(id, Parcel.Multipart(files, Parcel.Manifest(files)));

        zipped.ShouldBe(HttpStatusCode.OK).Text.Should().Be(first.Text);
        announced.ShouldBe(HttpStatusCode.OK).Text.Should().Be(first.Text);
        app.ContentFiles().Should().BeEquivalentTo(content);
    }

    [Fact]
    public async Task Another_study_for_a_fulfilled_request_is_refused()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();
        var first = (await app.Fulfil(id, Parcel.Zip(files))).ShouldBe(HttpStatusCode.Created);

        var fewer = await app.Fulfil(id, Parcel.Zip(files.Skip(1)));
        var announced = await app.Fulfil(id, Parcel.Multipart([], Parcel.Manifest(files, sha256: new string('0', 64))));

        fewer.ShouldBeRefused(HttpStatusCode.Conflict, "already_fulfilled")["transferId"].Should().Be(first["transferId"]);
        announced.ShouldBeRefused(HttpStatusCode.Conflict, "already_fulfilled");
    }

    [Fact]
    public async Task One_instance_can_be_sent_without_an_archive()
    {
        var id = await app.AskForJaneDoe();

        var response = await app.Fulfil(id, Parcel.Bytes(Parcel.Jane.Files()[0], "application/dicom"));

        response.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("1");
    }

    [Fact]
    public async Task A_part_can_be_a_zip_if_its_content_type_says_so()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();
        var zip = new ZipForge().Deflated("a", files[0]).Stored("b", files[1]).Close();
        var content = new MultipartFormDataContent { { Parcel.Bytes(zip, "application/zip"), "file", "study.zip" },
            { Parcel.Bytes(files[2], "application/octet-stream"), "file" } };

        (await app.Fulfil(id, content)).ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("3");
    }

    [Fact]
    public async Task An_accepted_request_can_be_fulfilled()
    {
        var id = await app.AskForJaneDoe();
        await app.As("provider").Post($"/v1/requests/{id}/accept");

        (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("cancel", "request_cancelled")]
    [InlineData("decline", "request_declined")]
    public async Task A_request_that_has_ended_cannot_be_fulfilled(string end, string code)
    {
        var id = await app.AskForJaneDoe();
        await app.As(end == "cancel" ? "consumer" : "provider")
            .Post($"/v1/requests/{id}/{end}", end == "cancel" ? null : new { reason = "other" });

        (await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()))).ShouldBeRefused(HttpStatusCode.Conflict, code);
    }

    [Theory]
    [InlineData("cancel", "request_cancelled")]
    [InlineData("decline", "request_declined")]
    public async Task An_upload_whose_request_ends_first_is_told_so(string end, string code)
    {
        var id = await app.AskForJaneDoe();
        using var half = await HalfUpload.Send(app, id, (Parcel.Jane with { Rows = 1024, Columns = 1024 }).Files()[0]);
        await Delivered.Eventually(async () => await app.StatusOf(id) == "fulfilling", "the upload has begun");
        // as if the host had paused
        await app.Database.Run($"UPDATE {TestDatabase.Table("studies", "requests")} SET LeaseUntil = 0 WHERE Id = '{id}'");

        var body = end == "cancel" ? null : new { reason = "other" };
        (await app.As(end == "cancel" ? "consumer" : "provider").Post($"/v1/requests/{id}/{end}", body)).ShouldBe(HttpStatusCode.OK);
        await half.SendRest();

        (await half.Answer()).Should().StartWith("HTTP/1.1 409").And.Contain(code);
    }

    [Fact]
    public async Task An_upload_whose_request_is_cancelled_is_stopped_before_its_end()
    {
        var id = await app.AskForJaneDoe();
        using var half = await HalfUpload.Send(app, id, (Parcel.Jane with { Rows = 1024, Columns = 1024 }).Files()[0]);
        await Delivered.Eventually(async () => await app.StatusOf(id) == "fulfilling", "the upload has begun");
        // as if the host had paused
        await app.Database.Run($"UPDATE {TestDatabase.Table("studies", "requests")} SET LeaseUntil = 0 WHERE Id = '{id}'");
        (await app.As("consumer").Post($"/v1/requests/{id}/cancel")).ShouldBe(HttpStatusCode.OK);

        app.Clock.Advance(TimeSpan.FromSeconds(6)); // the next renewal notices it

        (await half.Answer()).Should().StartWith("HTTP/1.1 409").And.Contain("request_cancelled");
    }

    [Fact]
    public async Task Another_organization_cannot_fulfil_the_request()
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As("admin").PostContent($"/v1/requests/{id}/fulfill", Parcel.Zip(Parcel.Jane.Files()));

        response.ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_dicomdir_is_skipped()
    {
        var id = await app.AskForJaneDoe();
        var files = Parcel.Jane.Files();

        var response = await app.Fulfil(id, Parcel.Multipart([Parcel.MediaDirectory(), .. files], Parcel.Manifest(files)));

        response.ShouldBe(HttpStatusCode.Created)["instances"].Should().Be("4");
    }

    [Fact]
    public async Task The_metadata_describe_the_study_and_its_deidentification_and_not_the_patient()
    {
        var id = await app.AskForJaneDoe();
        var fulfilled = await app.Fulfil(id, Parcel.Zip(Parcel.Jane.Files()));

        var opened = (await app.As("consumer").Post($"/v1/transfers/{fulfilled["transferId"]}/open")).ShouldBe(HttpStatusCode.OK);

        opened["sha256"].Should().Be(fulfilled["sha256"]);
        var metadata = opened.Json.GetProperty("metadata");
        metadata.GetProperty("instances").GetInt32().Should().Be(4);
        metadata.GetProperty("study").GetProperty("studyInstanceUid").GetString().Should().StartWith("2.25.");
        metadata.GetProperty("series").EnumerateArray()
            .Select(s => (s.GetProperty("modality").GetString(), s.GetProperty("instances").GetInt32()))
            .Should().Equal(("CT", 2), ("CT", 2));
        metadata.GetProperty("deidentification").GetProperty("methods").EnumerateArray()
            .Select(m => $"{m.GetProperty("scheme")} {m.GetProperty("code")} {m.GetProperty("meaning")}")
            .Should().Equal("DCM 113100 Basic Application Confidentiality Profile");
        metadata.GetProperty("deidentification").GetProperty("patientIdentityRemoved").GetBoolean().Should().BeTrue();
        var said = metadata.GetRawText().ToUpperInvariant();
        said.Should().NotContainAny("DOE", "JANE", "MRN", new Aegis.Dicom.Synthetic.SyntheticStudy(Parcel.Jane).StudyUid);
        Regex.Replace(said, @"2\.25\.\d+", "UID").Should().NotContain("1971", "and a UID has its digits by chance");
    }

    [Fact]
    public async Task Of_two_simultaneous_uploads_one_creates_the_transfer()
    {
        var id = await app.AskForJaneDoe();
        var files = (Parcel.Jane with { Rows = 512, Columns = 512 }).Files();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Fulfil(id, Parcel.Multipart(files))));

        answers.Count(a => a.Status is HttpStatusCode.Created).Should().Be(1);
        answers.Where(a => a.Status is HttpStatusCode.Conflict).Should().OnlyContain(a => a["code"] == "fulfilment_in_progress");
        answers.Should().OnlyContain(a => a.Status == HttpStatusCode.Created || a.Status == HttpStatusCode.OK
            || a.Status == HttpStatusCode.Conflict);
        answers.Where(a => a.Status is not HttpStatusCode.Conflict).Select(a => a["transferId"]).Distinct().Should().ContainSingle();
        app.ContentFiles().Count(f => f.Contains(answers.First(a => a.Status is HttpStatusCode.Created)["transferId"]!)).Should().Be(1);
    }
}
