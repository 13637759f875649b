namespace Aegis.Tests.Host;

/// <summary>The page with the API description.</summary>
public sealed class DocsTests
{
    [Fact]
    public async Task The_page_runs_only_its_own_scripts_and_stores_a_key_only_in_Development()
    {
        var app = await AegisApp.Start(); // Development
        var other = await AegisApp.Start(("Environment", "Staging"), ("Sandbox:Enabled", "false"));

        foreach (var address in new[] { "/swagger", "/swagger/index.html", "/swagger/index.js", "/swagger/v1/swagger.json" })
        {
            (await app.Anonymous.Get(address)).Headers.GetValues("Content-Security-Policy").Single()
                .Should().Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe", address);
        }

        (await app.Anonymous.Get("/swagger/index.js")).Text.Should().Contain("\"persistAuthorization\":true");
        (await other.Anonymous.Get("/swagger/index.js")).Text.Should().NotContain("\"persistAuthorization\":true");
        await app.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task The_description_is_not_served_when_it_is_not_public()
    {
        var app = await AegisApp.Start(("Docs:Public", "false"));

        foreach (var address in new[] { "/swagger", "/swagger/index.html", "/swagger/v1/swagger.json" })
        {
            (await app.As("admin").Get(address)).ShouldBeRefused(HttpStatusCode.NotFound, "route_not_found");
            // as for every unknown address
            (await app.Anonymous.Get(address)).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        }

        await app.DisposeAsync();
    }
}
