namespace Aegis.Tests.Host;

public sealed class HealthTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_checks_need_no_credential(string path)
    {
        var response = await app.Anonymous.Get(path);

        response.ShouldBe(HttpStatusCode.OK);
        response.Text.Should().Be("Healthy");
    }

    [Fact]
    public async Task An_unknown_address_gives_a_problem_with_a_code()
    {
        var response = await app.As("consumer").Get("/v1/nothing-here");

        response.ShouldBeRefused(HttpStatusCode.NotFound, "route_not_found");
    }

    [Fact]
    public async Task Refusals_have_the_request_id_and_the_security_headers()
    {
        var response = await app.As("consumer").With("X-Request-Id", "my-id-2").Get("/v1/requests/req_unknown");

        response.ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        response.Headers.GetValues("X-Request-Id").Should().Equal("my-id-2");
        response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
    }

    [Fact]
    public async Task The_caller_s_request_id_is_returned()
    {
        var response = await app.Anonymous.With("X-Request-Id", "my-id-1").Get("/livez");

        response.Headers.GetValues("X-Request-Id").Should().Equal("my-id-1");
    }
}
