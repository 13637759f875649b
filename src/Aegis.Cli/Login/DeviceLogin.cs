namespace Aegis.Cli.Login;

/// <summary>The device authorization grant (RFC 8628).</summary>
internal sealed class DeviceLogin(CommandEnvironment around, Provider provider)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code";
    private static readonly TimeSpan Slower = TimeSpan.FromSeconds(5); // RFC 8628 §3.5
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly string[] Wanted = ["openid", "offline_access"];

    public async Task<Profile> RunAsync(string name, EnvironmentAddress environment, CancellationToken ct)
    {
        around.Out.WriteLine($"» Authenticating with {environment.Name}...");
        around.Out.WriteLine();
        var issuer = await provider.DiscoverAsync(environment.Issuer, ct);
        if (issuer is not { DeviceAuthorizationEndpoint: { } device, TokenEndpoint: { } token })
            throw new StoppedException(
                ExitCodes.Failed, $"{environment.Issuer} does not offer device login. Use an API key: AEGIS_KEY=aegis_…");
        var scope = string.Join(' ', Wanted.Where(w => issuer.ScopesSupported?.Contains(w) is not false));
        var code = await provider.DeviceAsync(device, scope, ct);
        if (code is not { Code: { } deviceCode, UserCode: { } userCode, VerificationUri: { } address })
            throw new StoppedException(ExitCodes.Failed, "The issuer's answer to the device login is incomplete.");
        around.Out.WriteLine($"! First copy your one-time code: {userCode}");
        around.Out.WriteLine();
        around.Out.WriteLine("  Open this URL in your browser:");
        around.Out.WriteLine($"  {code.VerificationUriComplete ?? address}");
        around.Out.WriteLine();
        around.Out.WriteLine("  Waiting for authentication...");
        around.Out.WriteLine();
        await around.Out.FlushAsync(ct);
        var answer = await WaitAsync(token, deviceCode, code, ct);
        return Sessions.ProfileOf(around, answer, new Profile
        {
            Name = name,
            Environment = environment.Name,
            Issuer = environment.Issuer,
            TokenEndpoint = token,
            RevocationEndpoint = issuer.RevocationEndpoint,
            AccessToken = "",
        });
    }

    private async Task<TokenAnswer> WaitAsync(string endpoint, string deviceCode, DeviceCode code, CancellationToken ct)
    {
        var (begun, pause) = (around.Clock.GetTimestamp(), TimeSpan.FromSeconds(Math.Clamp(code.Interval, 1, 60)));
        while (around.Clock.GetElapsedTime(begun).TotalSeconds < code.ExpiresIn)
        {
            await Task.Delay(pause, around.Clock, ct);
            TokenAnswer answer;
            try
            {
                answer = await provider.TokenAsync(
                    endpoint, new() { ["grant_type"] = Grant, ["device_code"] = deviceCode, ["client_id"] = Provider.Client }, ct);
            }
            catch (StoppedException away) when (away.ExitCode == ExitCodes.Unavailable)
            {
                pause = pause * 2 < MaxWait ? pause * 2 : MaxWait; // RFC 8628 §3.5: back off when the connection fails
                continue;
            }

            switch (answer.Error)
            {
                case null when answer.AccessToken is not null:
                    return answer;
                case "authorization_pending":
                    break;
                case "slow_down":
                    pause += Slower;
                    break;
                case "access_denied":
                    throw new StoppedException(ExitCodes.NotAuthenticated, "The login was denied.");
                case "expired_token":
                    throw Expired();
                default:
                    throw new StoppedException(
                        ExitCodes.Failed, $"The login failed: {answer.ErrorDescription ?? answer.Error ?? "the issuer sent no token"}.");
            }
        }

        throw Expired();
    }

    private static StoppedException Expired() =>
        new(ExitCodes.NotAuthenticated, "The code expired before it was entered. Run the command again for a new one.");
}
