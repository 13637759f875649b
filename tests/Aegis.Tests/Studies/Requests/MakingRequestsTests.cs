namespace Aegis.Tests.Studies.Requests;

public sealed class MakingRequestsTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task The_first_call_of_the_api_description_works_as_printed()
    {
        var response = await app.As("consumer").Post("/v1/requests", Asking.JaneDoe);

        response.ShouldBe(HttpStatusCode.Created);
        response.Id.Should().MatchRegex("^req_[0-9a-z]{26}$");
        response["status"].Should().Be("pending");
        response["providerId"].Should().Be("prov_123");
        response["consumerId"].Should().Be("cons_456");
        response["patient.lastName"].Should().Be("Doe");
        response["patient.dob"].Should().Be("1971-03-05");
        response["reason"].Should().Be("AI review");
        response["window.hours"].Should().Be("72");
        response.Headers.Location!.ToString().Should().Be($"/v1/requests/{response.Id}");
    }

    [Fact]
    public async Task Members_without_a_value_are_present_and_null()
    {
        var response = await app.As("consumer").Post("/v1/requests", Asking.JaneDoe);

        response.Json.EnumerateObject().Where(m => m.Value.ValueKind is JsonValueKind.Null).Select(m => m.Name)
            .Should().Equal("study", "purposeOfUse", "decline", "transferId", "acceptedAt", "endedAt");
    }

    [Fact]
    public async Task Every_member_of_a_request_is_returned()
    {
        var body = """
            { "providerId":"prov_123", "patient":{ "lastName":"Doe","firstName":"Jane","dob":"1971-03-05" }, "reason":"Staging", "purposeOfUse":"ai_review",
              "study":{ "modality":"CT","bodyPart":"CHEST","accessionNumber":"A1","studyInstanceUid":"1.2.3","dateFrom":"2024-01-01","dateTo":"2024-12-31" },
              "window":{ "hours":720,"maxViews":3 } }
            """;

        var response = await app.As("consumer").Post("/v1/requests", body);

        response.ShouldBe(HttpStatusCode.Created);
        response["purposeOfUse"].Should().Be("ai_review");
        response["study.modality"].Should().Be("CT");
        response["study.studyInstanceUid"].Should().Be("1.2.3");
        response["study.dateTo"].Should().Be("2024-12-31");
        response["window.maxViews"].Should().Be("3");
    }

    [Theory]
    [InlineData("""{}""", "providerId", "patient", "reason")]
    [InlineData("""{ "providerId":"prov_123", "patient":{}, "reason":"x" }""", "patient.lastName", "patient.firstName", "patient.dob")]
    [InlineData("""{ "providerId":"", "patient":{ "lastName":"","firstName":"","dob":"" }, "reason":"" }""", "providerId",
        "patient.lastName", "patient.firstName", "patient.dob", "reason")]
    [InlineData("""{ "providerId":"prov_123", "patient":null, "reason":"x" }""", "patient")]
    public async Task Each_missing_member_is_named_as_on_the_wire(string body, params string[] names)
    {
        var response = await app.As("consumer").Post("/v1/requests", body);

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().BeEquivalentTo(names);
    }

    [Theory]
    [InlineData("02/30/1971")]
    [InlineData("0001-01-01")]
    [InlineData("1971-13-01")]
    [InlineData("05.03.1971")]
    [InlineData("2999-01-01")]
    public async Task An_impossible_date_of_birth_is_refused_by_its_path(string dob)
    {
        var response = await app.As("consumer").Post("/v1/requests", Asking.JaneDoe.Replace("03/05/1971", dob));

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Single().Name.Should().Be("patient.dob");
        response.Text.Should().NotContain(dob);
    }

    [Theory]
    [InlineData("\"window\":{\"hours\":0}", "window.hours")]
    [InlineData("\"window\":{\"hours\":721}", "window.hours")]
    [InlineData("\"window\":{\"maxViews\":0}", "window.maxViews")]
    [InlineData("\"purposeOfUse\":\"curiosity\"", "purposeOfUse")]
    [InlineData("\"study\":{\"modality\":\"ct\"}", "study.modality")]
    [InlineData("\"study\":{\"studyInstanceUid\":\"1..2\"}", "study.studyInstanceUid")]
    [InlineData("\"study\":{\"dateFrom\":\"2024-02-30\"}", "study.dateFrom")]
    [InlineData("\"study\":{\"dateFrom\":\"2024-02-02\",\"dateTo\":\"2024-02-01\"}", "study.dateTo")]
    public async Task A_member_of_the_wrong_type_is_refused_by_its_path(string member, string path)
    {
        var response = await app.As("consumer").Post("/v1/requests", Asking.JaneDoe.Replace("\"reason\"", $"{member}, \"reason\""));

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        response.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(path);
    }

    [Theory]
    [InlineData("consumer", "prov_nobody")]
    [InlineData("outsider", "prov_123")]
    [InlineData("consumer", "prov_123 ")]
    public async Task An_unknown_provider_and_a_missing_partnership_get_the_same_refusal(string role, string provider)
    {
        var response = await app.As(role).Post("/v1/requests", Asking.JaneDoe.Replace("prov_123", provider));

        response.ShouldBeRefused(HttpStatusCode.Forbidden, "no_partnership");
        response["detail"].Should()
            .Be("There is no active partnership with this organization that you may use. Check its id and the partnership.");
    }

    [Fact]
    public async Task A_key_of_a_provider_cannot_make_requests()
    {
        var response = await app.As("provider").Post("/v1/requests", Asking.JaneDoe);

        response.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        response["required_permission"].Should().Be("study:request");
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_creates_no_second_request()
    {
        var caller = app.As("consumer").With("Idempotency-Key", "ask-once");

        var first = (await caller.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);
        var second = (await caller.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);

        second.Text.Should().Be(first.Text);
        (await caller.Post("/v1/requests", Asking.JaneDoe.Replace("AI", "Another")))
            .ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }
}
