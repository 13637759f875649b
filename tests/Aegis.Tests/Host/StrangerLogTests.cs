using Aegis.Kernel.Web.Http;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Host;

/// <summary>Strangers cannot make the host write: their calls are counted, and a minute has one line.</summary>
public sealed class StrangerLogTests
{
    private static readonly string Unsigned = "aegis-form=CfDJ8" + new string('A', 100);

    [Fact]
    public async Task No_call_of_a_stranger_leaves_a_log_line_and_a_minute_leaves_one()
    {
        var app = await AegisApp.Start(("Logging:LogLevel:Microsoft", "Warning"), ("RateLimits:PerAddress", "1"));
        var part = (string text) => Base64UrlEncoder.Encode(text);
        var named = $"{part("""{"alg":"ES256","typ":"at+jwt","kid":"sig_1"}""")}.{part("{}")}.{part("none")}";
        await app.Anonymous.Get("/v1/auth/session"); // whatever the first call of a kind says
        await app.Anonymous.PostContent("/sign-in", new FormUrlEncodedContent([new("form", "x")]));
        var before = Noticed(app).Count;

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

        Noticed(app).Should().HaveCount(before, string.Join("\n", Noticed(app).Skip(before).Take(3)));
        app.Services.GetRequiredService<StrangerCalls>().Summarize();
        Noticed(app).Skip(before).Should().ContainSingle().Which.Should().Contain("calls without a credential").And.Contain("rate_limited");
        app.Services.GetRequiredService<StrangerCalls>().Summarize();
        Noticed(app).Should().HaveCount(before + 1, "nothing happened since");
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

    private static List<string> Noticed(AegisApp app) =>
        app.Logs.Lines.Where(l => !l.StartsWith("Debug ", StringComparison.Ordinal)
            && !l.StartsWith("Trace ", StringComparison.Ordinal)).ToList();
}
