namespace Aegis.Tests.People;

/// <summary>A page answers 405 to a method that it does not have, whatever the form is.</summary>
public sealed class PageMethodsTests : IClassFixture<AegisApp>, IAsyncLifetime
{
    private readonly AegisApp app;
    private readonly Browser browser;
    private readonly HttpClient http;

    public PageMethodsTests(AegisApp app)
    {
        this.app = app;
        browser = new Browser(app);
        http = new HttpClient(
            new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = browser.Cookies })
        { BaseAddress = app.BaseAddress };
    }

    public Task InitializeAsync() => browser.SignIn(app.Person("cons_456"));

    public Task DisposeAsync()
    {
        browser.Dispose();
        http.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("/sign-in/external", "GET")]
    [InlineData("/sign-in", "GET, POST")]
    [InlineData("/sign-in/again", "GET, POST")]
    [InlineData("/sign-out", "GET, POST")]
    [InlineData("/settings", "GET")]
    [InlineData("/settings/api-keys/{key}/rotate", "GET, POST")]
    [InlineData("/settings/api-keys/{key}/revoke", "GET, POST")]
    [InlineData("/settings/password", "GET, POST")]
    public async Task A_method_that_a_page_does_not_have_is_refused(string path, string allowed)
    {
        path = path.Replace("{key}", (await app.As("operator").Get("/v1/auth/session"))["keyId"]!, StringComparison.Ordinal);
        var form = System.Text.RegularExpressions.Regex.Match(
            (await browser.Get("/settings/password")).Text, "name=\"form\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        foreach (var method in new[] { "TRACE", "PUT", "DELETE", "FOO" })
        {
            using var call = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != "TRACE") call.Content = new FormUrlEncodedContent([KeyValuePair.Create("form", form)]);
            if (method == "DELETE") call.Headers.Add("RequestVerificationToken", form);

            using var answer = await http.SendAsync(call);

            answer.StatusCode
                .Should().Be(HttpStatusCode.MethodNotAllowed, "{0} {1} answered {2}", method, path,
                    await answer.Content.ReadAsStringAsync());
            answer.Content.Headers.Allow.Where(m => m != "HEAD").Should().Equal(allowed.Split(", "), "HEAD is allowed where GET is");
        }
    }

    [Fact]
    public async Task A_form_sent_to_a_page_without_one_is_refused()
    {
        (await browser.Send(await browser.Get("/settings/password"), "/settings")).Status.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await browser.Send(await browser.Get("/settings/password"), "/sign-in/external")).Status
            .Should().Be(HttpStatusCode.MethodNotAllowed);
    }
}
