using Aegis.Kernel.Web.Http;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Host;

/// <summary>Callers without a credential cannot fill the log: their calls are counted, with one line per minute.</summary>
public sealed class StrangerLogTests
{
    private static readonly string Unsigned = "aegis-form=CfDJ8" + new string('A', 100);

    [Fact]
    public async Task Calls_without_a_credential_are_not_logged_one_by_one_but_once_a_minute()
    {
        var app = await AegisApp.Start(("Logging:LogLevel:Microsoft", "Warning"), ("RateLimits:PerAddress", "1"));
        var part = (string text) => Base64UrlEncoder.Encode(text);
        var named = $"{part("""{"alg":"ES256","typ":"at+jwt","kid":"sig_1"}""")}.{part("{}")}.{part("none")}";
        await app.Anonymous.Get("/v1/auth/session"); // the first call of each kind may log something
        await app.Anonymous.PostContent("/sign-in", new FormUrlEncodedContent([new("form", "x")]));
        var before = VisibleLines(app).Count;

        for (var i = 0; i < 20; i++)
        {
            foreach (var credential in new[] { "a.b.c", "..", named, "aegis_x", new string('a', 5000), "Bearer" })
                await app.Anonymous.With("Authorization", $"Bearer {credential}").Get("/v1/auth/session");
            await app.Anonymous.With("Cookie", Unsigned).Get("/sign-in");
            await app.Anonymous.With("Cookie", Unsigned.Replace("form", "session")).Get("/settings");
            await app.Anonymous.With("Cookie", Unsigned).PostContent("/sign-in", new FormUrlEncodedContent([new("form", "CfDJ8AA")]));
            await app.Anonymous.Get($"/v1/auth/session?access_token=x");
            await app.Anonymous.Send(new HttpRequestMessage(HttpMethod.Trace, "/sign-in/code"));
        }

        VisibleLines(app).Should().HaveCount(before, string.Join("\n", VisibleLines(app).Skip(before).Take(3)));
        app.Services.GetRequiredService<StrangerCalls>().Summarize();
        VisibleLines(app).Skip(before).Should().ContainSingle().Which
            .Should().Contain("calls without a valid credential").And.Contain("rate_limited");
        app.Services.GetRequiredService<StrangerCalls>().Summarize();
        VisibleLines(app).Should().HaveCount(before + 1, "nothing happened since");
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_token_that_cannot_be_read_is_refused()
    {
        var app = await AegisApp.Start();

        var answer = await app.Anonymous.With("Authorization", "Bearer a.b.c").Get("/v1/auth/session");

        answer.ShouldBeRefused(HttpStatusCode.Unauthorized, "token_invalid");
        await app.DisposeAsync();
    }

    private static List<string> VisibleLines(AegisApp app) =>
        app.Logs.Lines.Where(l => !l.StartsWith("Debug ", StringComparison.Ordinal)
            && !l.StartsWith("Trace ", StringComparison.Ordinal)).ToList();
}
