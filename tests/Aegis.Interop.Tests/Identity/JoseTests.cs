namespace Aegis.Interop.Tests.Identity;

/// <summary>Access tokens validated by jose in a service that knows only the key set.</summary>
public sealed class JoseTests : IAsyncLifetime
{
    private const string Realm = "/realms/aegis-system";
    private const int RotatesAt = 5; // the verifier that caches the key set for five minutes has just fetched it
    private const int TakesOverAt = 15;
    private const int Minutes = 35;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(15);

    private readonly AegisApp app = new();

    public Task InitializeAsync() => app.InitializeAsync();

    public Task DisposeAsync() => app.DisposeAsync();

    [InteropFact("jose")]
    public async Task No_validation_fails_while_the_signing_key_rotates()
    {
        await using var jose = Checker.Start(app);
        var alive = new Queue<(string Text, int Minute)>();
        var kids = new List<string>();

        for (var minute = 0; minute <= Minutes; minute++)
        {
            alive.Enqueue((await Token(), minute));
            while (TimeSpan.FromMinutes(minute - alive.Peek().Minute) >= TokenLifetime) alive.Dequeue();
            foreach (var token in alive)
            {
                var seen = await jose.Check(token.Text, minute);
                (seen.Remote, seen.Cached)
                    .Should().Be(("valid", "valid"), "in minute {0} for the token of minute {1}", minute, token.Minute);
                if (token.Minute == minute) kids.Add(seen.Kid!);
            }

            if (minute == RotatesAt) (await app.As("admin").Post("/v1/auth/signing-keys/rotate", new { })).ShouldBe(HttpStatusCode.OK);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        kids.Distinct().Should().HaveCount(2);
        kids.IndexOf(kids[^1]).Should().Be(TakesOverAt);
        (await jose.Check(alive.Peek().Text, Minutes)).Fetches
            .Should().BeLessThan(Minutes / 5, "a key that is published in time costs no extra fetch");
    }

    [InteropFact("jose")]
    public async Task A_token_that_is_not_an_Aegis_access_token_is_not_valid()
    {
        await using var jose = Checker.Start(app);
        var token = await Token();
        var parts = token.Split('.');

        var valid = await jose.Check(token, 0);
        valid.Remote.Should().Be("valid");
        valid.Tenant.Should().Be("cons_456");
        valid.Scope!.Split(' ').Should().Contain("study:request");
        (await jose.Check(token, 15)).Remote.Should().Be("ERR_JWT_EXPIRED");
        (await jose.Check($"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA", 0)).Remote.Should().Be("ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
        await using var elsewhere = Checker.Start(app, issuer: "http://other.example/realms/aegis-system");
        (await elsewhere.Check(token, 0)).Remote.Should().Be("ERR_JWT_CLAIM_VALIDATION_FAILED");
    }

    private async Task<string> Token() =>
        (await app.Anonymous.With("X-Api-Key", app.Key("consumer")).Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!;

    private sealed record Seen(string Remote, string Cached, string? Kid, string? Scope, string? Tenant, int Fetches);

    private sealed class Checker(System.Diagnostics.Process node) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public static Checker Start(AegisApp app, string? issuer = null)
        {
            var npm = Path.Combine(Tool.Folder, "npm");
            var realm = app.Services.GetRequiredService<IPublicUrl>().Value + Realm;
            return new Checker(Tool.Start(npm, "node", "jose.mjs", issuer ?? realm, $"{realm}/protocol/openid-connect/certs"));
        }

        public async Task<Seen> Check(string token, int minute)
        {
            await node.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(new { token, ahead = TimeSpan.FromMinutes(minute).TotalMilliseconds }));
            var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            line.Should().NotBeNull("jose.mjs ended: {0}", line is null ? await node.StandardError.ReadToEndAsync() : "");
            return JsonSerializer.Deserialize<Seen>(line!, JsonSerializerOptions.Web)!;
        }

        public async ValueTask DisposeAsync()
        {
            node.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await node.WaitForExitAsync(patience.Token);
            }
            finally
            {
                node.Dispose();
            }
        }
    }
}
