namespace Aegis.Tests.Host;

/// <summary>A member of the wrong type is refused with its wire path, wherever it is in the body.</summary>
public sealed class BodyErrorTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("/v1/webhooks/whk_x", """{"enabled":"true"}""", "enabled")]
    [InlineData("/v1/webhooks/whk_x", """{"enabled":1}""", "enabled")]
    [InlineData("/v1/webhooks/whk_x", """{"url":5}""", "url")]
    [InlineData("/v1/webhooks/whk_x", """{"events":"*"}""", "events")]
    [InlineData("/v1/webhooks/whk_x", """{"description":"fine","events":["*",5]}""", "events[1]")]
    [InlineData("/v1/webhooks/whk_x", """{"enabled":tru}""", "enabled")]
    [InlineData("/v1/users/usr_x", """{"disabled":"yes"}""", "disabled")]
    [InlineData("/v1/users/usr_x", """{"disabled":null}""", "disabled")]
    [InlineData("/v1/users/usr_x", """{"name":{}}""", "name")]
    [InlineData("/v1/credentials/x", """{"rotation_enabled":"true"}""", "rotation_enabled")]
    [InlineData("/v1/credentials/x", """{"rotation_interval_hours":"24"}""", "rotation_interval_hours")]
    [InlineData("/v1/credentials/x", """{"rotation_interval_hours":1.5}""", "rotation_interval_hours")]
    [InlineData("/v1/credentials/x", """{"expires_at":"tomorrow"}""", "expires_at")]
    [InlineData("/v1/credentials/x", """{"tags":[1]}""", "tags[0]")]
    [InlineData("/v1/credentials/x", """{"metadata":[]}""", "metadata")]
    public async Task A_patch_member_of_the_wrong_type_is_named(string path, string body, string member)
    {
        var refused = (await app.As("admin").Patch(path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(member);
        refused["detail"].Should().Contain($"'{member}'");
        refused.Text.Should().NotContain("System.");
    }

    [Theory]
    [InlineData("/v1/webhooks", """{"url":5,"events":["*"]}""", "url")]
    [InlineData("/v1/webhooks", """{"url":"https://example.org","events":["*",{}]}""", "events[1]")]
    [InlineData("/v1/webhooks", """{"url":"https://example.org"}""", "events")]
    [InlineData("/v1/webhooks", """["url"]""", "")]
    [InlineData("/v1/requests", """{"providerId":"prov_123","reason":"x","patient":{"lastName":1,"firstName":"J","dob":"03/05/1971"}}""",
        "patient.lastName")]
    [InlineData("/v1/requests", """{"providerId":"prov_123","reason":"x","patient":{"firstName":"J","dob":"03/05/1971"}}""",
        "patient.lastName")]
    public async Task A_member_of_the_wrong_type_in_any_other_body_is_named(string path, string body, string member)
    {
        var refused = (await app.As(path == "/v1/requests" ? "consumer" : "admin")
            .Post(path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");

        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(member);
        refused.Text.Should().NotContain("System.");
    }
}
