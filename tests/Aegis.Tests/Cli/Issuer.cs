using System.Web;

namespace Aegis.Tests.Cli;

/// <summary>
/// An OpenID provider with device login. Its refresh tokens can be used once; a second use ends the token family.
/// </summary>
internal sealed class Issuer : HttpMessageHandler
{
    public const string Code = "ABCD-1234";
    private readonly Lock gate = new();
    private int tokens;
    private string? refresh;

    /// <summary>What the token endpoint says to the device code, one after the other; after that it gives tokens.</summary>
    public Queue<string> ErrorsBeforeTokens { get; } = new();

    public List<string> Calls { get; } = [];

    public List<string> Revoked { get; } = [];

    public int Refreshes { get; private set; }

    public bool IsDown { get; set; }

    public int ExpiresIn { get; set; } = 900;

    /// <summary>How long an answer takes, so that concurrent calls really overlap.</summary>
    public TimeSpan AnswerDelay { get; set; }

    /// <summary>Ends the session, as an administrator can.</summary>
    public void End() => refresh = null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (path, address) = (request.RequestUri!.AbsolutePath, request.RequestUri.GetLeftPart(UriPartial.Authority));
        var form = request.Content is null ? [] : HttpUtility.ParseQueryString(await request.Content.ReadAsStringAsync(cancellationToken));
        await Task.Delay(AnswerDelay, cancellationToken);
        lock (gate)
        {
            Calls.Add($"{request.Method} {request.RequestUri}");
            if (IsDown) throw new HttpRequestException("refused");
            var issuer = $"{address}/realms/aegis-system";
            return path switch
            {
                "/realms/aegis-system/.well-known/openid-configuration" => Answer(200, new
                {
                    issuer,
                    device_authorization_endpoint = $"{issuer}/protocol/openid-connect/auth/device",
                    token_endpoint = $"{issuer}/protocol/openid-connect/token",
                    revocation_endpoint = $"{issuer}/protocol/openid-connect/revoke",
                }),
                "/realms/aegis-system/protocol/openid-connect/auth/device" => Answer(200, new
                {
                    device_code = "device",
                    user_code = Code,
                    verification_uri = $"{issuer}/device",
                    verification_uri_complete = $"{issuer}/device?user_code={Code}",
                    expires_in = 600,
                    interval = 1,
                }),
                "/realms/aegis-system/protocol/openid-connect/token" => Token(form["grant_type"]!, form["refresh_token"]),
                "/realms/aegis-system/protocol/openid-connect/revoke" => Revoke(form["token"]!),
                _ => Answer(404, new { }),
            };
        }
    }

    private HttpResponseMessage Token(string grant, string? given)
    {
        if (grant != "refresh_token") return ErrorsBeforeTokens.TryDequeue(out var wait) ? Answer(400, new { error = wait }) : New();
        Refreshes++;
        if (given != refresh)
        {
            refresh = null; // a replay
            return Answer(400, new { error = "invalid_grant" });
        }

        return New();
    }

    private HttpResponseMessage New()
    {
        refresh = $"refresh-{++tokens}";
        var claims = Convert.ToBase64String(
            Encoding.UTF8.GetBytes($$$"""{"realm_access":{"roles":["aegis:operator","offline"]},"n":{{{tokens}}}}""")).TrimEnd('=')
                .Replace('+', '-').Replace('/', '_');
        return Answer(200, new
        {
            access_token = $"e30.{claims}.sig",
            refresh_token = refresh,
            expires_in = ExpiresIn,
            refresh_expires_in = 86400,
            token_type = "Bearer",
            scope = "openid agent:read key:*"
        });
    }

    private HttpResponseMessage Revoke(string token)
    {
        Revoked.Add(token);
        refresh = null;
        return Answer(200, new { });
    }

    private static HttpResponseMessage Answer(int status, object body) => new((HttpStatusCode)status)
    {
        Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
    };
}
