using System.Text.RegularExpressions;
using Aegis.Auth.Keys;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Auth.Bearer;

/// <summary>
/// Refuses credentials in an address (RFC 6750 §5.3), in its query and in its path: addresses end up in logs, histories and referrers. A
/// key of ours found there is noted as exposed, so that its owner learns of it.
/// It is a scheme without principals, because the authentication middleware asks such handlers before anything else, on every path.
/// </summary>
internal sealed partial class RefuseCredentialsInUrls(KeyCheck check, ExposedKeys exposed) : IAuthenticationRequestHandler
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "access_token", "api_key", "apikey", "x-api-key", "key", "token", "jwt", "id_token", "refresh_token", "device_code", "client_secret", "authorization", "bearer",
    };

    private HttpContext context = null!; // set by InitializeAsync before any other call

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        this.context = context;
        return Task.CompletedTask;
    }

    public async Task<bool> HandleRequestAsync()
    {
        await RefuseInPath(context.Request.Path.Value ?? "");
        if (!context.Request.QueryString.HasValue) return false;
        foreach (var (name, values) in context.Request.Query)
        {
            var text = values.ToString();
            var key = KeyText.Shape().Match($"{name} {text}"); // whoever writes '?aegis_…' sends it as a name
            if (key.Success) await Expose(key.Value);
            if (!key.Success && !Names.Contains(name) && !TokenShape().IsMatch(text) && !TokenShape().IsMatch(name)) continue;

            // A parameter that is no word of ours is not repeated: it may be the credential itself.
            throw Refuse.Invalid(
                "credential_in_url",
                $"Send credentials in a header: {(Names.Contains(name) ? $"'{name}'" : "one")} in the address is written to logs. Replace that credential now.");
        }

        return false;
    }

    /// <summary>No address of ours holds a key or a token; tickets and one-time words look different.</summary>
    private async Task RefuseInPath(string path)
    {
        foreach (var segment in path.Split('/'))
        {
            var key = KeyText.Shape().Match(segment);
            if (key.Success) await Expose(key.Value);
            if (key.Success || TokenShape().IsMatch(segment))
            {
                throw Refuse.Invalid(
                    "credential_in_url",
                    "Send credentials in a header: one in the address is written to logs. Replace that credential now.");
            }
        }
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => Task.CompletedTask;

    public Task ForbidAsync(AuthenticationProperties? properties) => Task.CompletedTask;

    private async Task Expose(string text)
    {
        if (await check.Prove(text, context.RequestAborted, early: context) is not { } keyId || exposed.Knows(keyId)) return;
        await context.RequestServices.GetRequiredService<KeyChanges>().Expose(keyId, context.RequestAborted);
        exposed.Remember(keyId);
    }

    [GeneratedRegex(@"aegis_rt_[0-9a-z]{26}_|^(Bearer\s+)?eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}$", RegexOptions.IgnoreCase)]
    private static partial Regex TokenShape();
}
