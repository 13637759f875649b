namespace Aegis.Interop.Tests.Identity;

/// <summary>The device grant with oauth4webapi, including every error of the endpoints.</summary>
public sealed class DeviceGrantTests(AegisApp app) : IClassFixture<AegisApp>
{
    [InteropFact("oauth4webapi")]
    public async Task OAuth_clients_log_people_in_and_get_every_error()
    {
        var issuer = $"{app.Services.GetRequiredService<IPublicUrl>().Value}/realms/aegis-system";
        var person = await AuthApp.On(app).Person();

        var begun = await Run("begin", issuer);
        var codes = begun["codes"];
        await person.Approve(codes.GetProperty("approved").GetProperty("user_code").GetString()!);
        await person.Deny(codes.GetProperty("denied").GetProperty("user_code").GetString()!);
        var finished = await Run("finish", issuer, codes.GetRawText());
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var late = await Run("late", issuer, codes.GetRawText());

        Errors(begun, finished, late).Should().Equal(new Dictionary<string, string>
        {
            ["pending"] = "authorization_pending 400",
            ["too soon"] = "slow_down 400",
            ["junk"] = "invalid_grant 400",
            ["unknown client"] = "invalid_client 401",
            ["unknown scope"] = "invalid_scope 400",
            ["no code"] = "invalid_request 400",
            ["password"] = "unsupported_grant_type 400",
            ["on its own"] = "unauthorized_client 400",
            ["turned away"] = "access_denied 400",
            ["copy"] = "invalid_grant 400",
            ["after the copy"] = "invalid_grant 400",
            ["expired"] = "expired_token 400",
        });
        finished["tokens"].GetProperty("type").GetString().Should().Be("bearer");
        finished["tokens"].GetProperty("scope").GetString().Should().Be("study:read");
        finished["tokens"].GetProperty("audience").GetString().Should().Be("aegis-cli");
        finished["tokens"].GetProperty("subject").GetString().Should().Be(person.UserId);
        finished.Should().ContainKey("revoked");
    }

    private static Dictionary<string, string> Errors(params Dictionary<string, JsonElement>[] runs) => runs.SelectMany(r => r)
        .Where(s => s.Value.TryGetProperty("error", out _))
        .ToDictionary(s => s.Key, s => $"{s.Value.GetProperty("error")} {s.Value.GetProperty("status")}");

    private static async Task<Dictionary<string, JsonElement>> Run(params string[] arguments)
    {
        var run = await Tool.RunIn(Path.Combine(Tool.Folder, "npm"), "node", ["device.mjs", .. arguments]);
        return run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
            .ToDictionary(s => s.GetProperty("name").GetString()!);
    }
}
