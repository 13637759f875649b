using System.Diagnostics;
using System.Text.RegularExpressions;
using Aegis.Auth.Access.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.IdentityModel.Tokens;
using static System.FormattableString;

namespace Aegis.Tests.Host.Fuzzing;

/// <summary>
/// Measures how much one address without a credential can make a host in Production write and compute, with the default limits.
/// </summary>
public sealed partial class StrangerCost
{
    private const string Realm = "/realms/aegis-system/protocol/openid-connect";
    private const string Program = "aegis-cli";

    private readonly ProductionHost host;
    private readonly HttpClient http;

    private StrangerCost(ProductionHost host)
    {
        this.host = host;
        var plain = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        http = new HttpClient(plain) { BaseAddress = new Uri(host.Process.BaseUrl) };
    }

    /// <summary>Sends calls of each kind as fast as possible for a while, and writes one Markdown row for each kind.</summary>
    public static async Task Measure(TimeSpan each, TextWriter output)
    {
        await using var host = await ProductionHost.Start();
        var cost = new StrangerCost(host);
        await output.WriteLineAsync("| sent | requests | answers | processor per request | per minute | log lines | new rows | disk |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
        foreach (var (name, make) in await cost.Kinds()) await output.WriteLineAsync(await cost.Row(name, make, each));
    }

    private async Task<string> Row(string name, Func<int, HttpRequestMessage> make, TimeSpan each)
    {
        await Task.Delay(TimeSpan.FromSeconds(6)); // the rate limit buckets fill again
        var (lines, rows, bytes, processor) = (host.LinesSinceStart().Count, Rows(), host.StoredBytes(), Processor());
        var (statuses, sent, begun) = (new Dictionary<int, int>(), 0, Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (_, ct) =>
        {
            while (Stopwatch.GetElapsedTime(begun) < each)
            {
                using var answer = await http.SendAsync(make(Interlocked.Increment(ref sent)), ct);
                lock (statuses) statuses[(int)answer.StatusCode] = statuses.GetValueOrDefault((int)answer.StatusCode) + 1;
            }
        });
        var (took, used) = (Stopwatch.GetElapsedTime(begun), Processor() - processor);
        var grown = Rows().Select(t => (t.Key, Added: t.Value - rows.GetValueOrDefault(t.Key))).Where(t => t.Added > 0);
        string[] cells =
        [
            name, Invariant($"{sent:N0}"), string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => Invariant($"{s.Key}: {s.Value:N0}"))),
            Invariant($"{used.TotalMilliseconds / sent:F2} ms"), Invariant($"{used.TotalSeconds * 60 / took.TotalSeconds:F1} s"),
            Invariant($"{host.LinesSinceStart().Count - lines}"), string.Join(", ", grown.Select(t => Invariant($"{t.Key} {t.Added}"))),
            Invariant($"{(host.StoredBytes() - bytes) / 1024:N0} KiB"),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private async Task<List<(string Name, Func<int, HttpRequestMessage> Make)>> Kinds()
    {
        (await host.Admin.With("X-Api-Key", host.AdminKey).Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK); // creates the signing key
        var kid = JsonOf(await http.GetStringAsync("/.well-known/jwks.json")).GetProperty("keys")[0].GetProperty("kid").GetString()!;
        var unknown = Jwt("sig_01jabcdefghjkmnpqrstvwxyz0");
        var named = Jwt(kid);
        var signIn = await SignInForm();
        return
        [
            ("no credential", _ => Get("/v1/auth/session")),
            ("`Bearer a.b.c`", _ => Get("/v1/auth/session", "a.b.c")),
            ("a token of an unknown signing key", _ => Get("/v1/auth/session", unknown)),
            ("a token with a wrong signature of the real signing key", _ => Get("/v1/auth/session", named)),
            ("a key that nobody has", _ => Get("/v1/auth/session", NewKey())),
            ("the same to the exchange", _ => With(Post("/v1/auth/token", null), "X-Api-Key", NewKey())),
            ("the same in the query", _ => Get($"/v1/auth/session?q={NewKey()}")),
            ("the same in the path", _ => Get($"/v1/transfers/{NewKey()}")),
            ("the same as a leak", _ => Post("/v1/auth/keys/report-leak", Json($"{{\"key\":\"{NewKey()}\"}}"))),
            ("the same as client secret", _ => Grant("client_credentials", "key_1", ("client_secret", NewKey()))),
            ("a refresh token that nobody has",
                _ => Grant("refresh_token", Program, ("refresh_token", "aegis_rt_01jabcdefghjkmnpqrstvwxyz0_x"))),
            ("a device code that nobody has", _ => Grant("urn:ietf:params:oauth:grant-type:device_code", Program, ("device_code", "x"))),
            ("a new device login", _ => Form($"{Realm}/auth/device", ("client_id", Program))),
            ("an application", i => Post("/v1/applications", Json(Application(i)))),
            ("a password", i => signIn($"nobody{i}@example.org")),
            ("the admin's address with a wrong password", _ => signIn("admin@example.org")),
            ("a malformed cookie", _ => With(Get("/sign-in"), "Cookie", "__Host-aegis-form=CfDJ8AAAA")),
            ("a content ticket that nobody has", i => Get($"/v1/content/{i:D43}")),
            ("a claim address that nobody has", i => Get($"/claim/{i:D43}")),
            ("an invitation that nobody has", i => Get($"/invitation/{i:D43}")),
            ("an unknown address", i => Get($"/nothing/{i}")),
            ("whether it is ready", _ => Get("/readyz")),
            ("the description of the API", _ => Get("/swagger/v1/swagger.json")),
            ("a body of 1 MiB", _ => Post("/v1/applications", Json($"{{\"a\":\"{new string('x', 1_040_000)}\"}}"))),
        ];
    }

    /// <summary>Returns the filled-in sign-in form with its cookie.</summary>
    private async Task<Func<string, HttpRequestMessage>> SignInForm()
    {
        using var page = await http.GetAsync("/sign-in");
        var cookie = string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        var token = FormToken().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
        return email => With(Form("/sign-in", ("Email", email), ("Password", "a wrong password"), ("form", token)), "Cookie", cookie);
    }

    private static string Application(int number) => System.Text.Json.JsonSerializer.Serialize(
        Applying.Body(new TestClock(), organization: $"Stranger {number}"), System.Text.Json.JsonSerializerOptions.Web);

    private static string Jwt(string kid)
    {
        var header = Base64UrlEncoder.Encode($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}"}""");
        const string issuer = "https://aegis.example/realms/aegis-system";
        var claims = Base64UrlEncoder.Encode($$"""{"iss":"{{issuer}}","aud":"aegis","sub":"x","exp":4102444800}""");
        return $"{header}.{claims}.{Base64UrlEncoder.Encode(new byte[64])}";
    }

    private static string NewKey() => KeyText.Draw(isTest: false).Text;

    private TimeSpan Processor()
    {
        using var process = Process.GetProcessById(host.Process.ProcessId);
        return process.TotalProcessorTime;
    }

    private Dictionary<string, long> Rows()
    {
        var file = Path.Combine(host.Process.DataDirectory, "aegis.db");
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var tables = connection.CreateCommand();
        tables.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        var names = new List<string>();
        using (var reader = tables.ExecuteReader())
            while (reader.Read()) names.Add(reader.GetString(0));
        return names.ToDictionary(n => n, n =>
        {
            using var count = connection.CreateCommand();
            count.CommandText = $"SELECT COUNT(*) FROM \"{n}\"";
            return (long)count.ExecuteScalar()!;
        });
    }

    private static System.Text.Json.JsonElement JsonOf(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;

    private static HttpRequestMessage Get(string path, string? bearer = null) =>
        bearer is null ? new(HttpMethod.Get, path) : With(new(HttpMethod.Get, path), "Authorization", $"Bearer {bearer}");

    private static HttpRequestMessage Post(string path, HttpContent? content) => new(HttpMethod.Post, path) { Content = content };

    private static HttpRequestMessage Form(string path, params (string Name, string Value)[] fields) =>
        Post(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    private static HttpRequestMessage Grant(string type, string client, (string Name, string Value) proof) =>
        Form($"{Realm}/token", ("grant_type", type), ("client_id", client), proof);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpRequestMessage With(HttpRequestMessage request, string name, string value)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    [GeneratedRegex("name=\"form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
