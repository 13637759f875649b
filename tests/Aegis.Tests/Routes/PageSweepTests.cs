using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Routes;

/// <summary>Checks every page, so that a new one cannot lack authorization.</summary>
public sealed partial class PageSweepTests(AuthApp auth) : IClassFixture<AuthApp>
{
    /// <summary>Pages that need no sign-in.</summary>
    private static readonly string[] Open = ["sign-in", "sign-in/code", "sign-in/external/{handler?}", "sign-out", "invitation/{token}"];

    [Fact]
    public async Task Every_other_page_redirects_to_the_sign_in_and_accepts_no_form()
    {
        using var browser = new Browser(auth.App);
        var signIn = await browser.Get("/sign-in");
        foreach (var (template, isOpen) in Pages())
        {
            isOpen.Should().Be(Open.Contains(template), template);
            if (isOpen) continue;

            var path = "/" + Parameter().Replace(template, "key_1");
            foreach (var shown in new[] { await browser.Get(path), await browser.Send(signIn, path) })
                shown.ShouldLeadTo($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
        }

        Pages().Should().HaveCountGreaterThan(10);
    }

    [Fact]
    public async Task Every_page_forbids_frames_foreign_content_and_caching()
    {
        using var browser = new Browser(auth.App);
        await browser.SignIn(auth.App.Person("cons_456"));
        foreach (var (template, _) in Pages().Where(p => !p.Template.Contains('{')))
        {
            var shown = await browser.Get("/" + template);
            if (shown.Status is HttpStatusCode.Redirect) continue;

            var headers = shown.Answer.Headers;
            headers.GetValues("Content-Security-Policy").Single()
                .Should().Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe", template);
            headers.CacheControl!.NoStore.Should().BeTrue(template);
            shown.Text.Should().NotContain(" style=\"").And.NotContain("onclick").And.NotContain("<script>", template);
        }
    }

    private List<(string Template, bool IsOpen)> Pages() =>
        [.. auth.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => (e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<IAllowAnonymous>() is not null)).Distinct()];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
