using System.Text.RegularExpressions;

namespace Aegis.Auth.Access.Bearer;

/// <summary>
/// Refuses credentials in an address (RFC 6750 §5.3), in its query and in its path: addresses end up in logs, histories and referrers. A
/// key of ours found there is noted as exposed, so that its owner learns of it.
/// It runs on every path, behind the rate limit: each such call may cost a query, a write and a refusal.
/// </summary>
internal sealed partial class RefuseCredentialsInUrls(KeyCheck check, ExposedKeys exposed)
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "access_token", "api_key", "apikey", "x-api-key", "key", "token", "jwt", "id_token", "refresh_token", "device_code",
        "client_secret", "authorization", "bearer",
    };

    public async Task Require(HttpContext context)
    {
        await RefuseInPath(context);
        if (!context.Request.QueryString.HasValue) return;
        foreach (var (name, values) in context.Request.Query)
        {
            var text = values.ToString();
            var key = KeyText.Shape().Match($"{name} {text}"); // whoever writes '?aegis_…' sends it as a name
            if (key.Success) await Expose(context, key.Value);
            if (!key.Success && !Names.Contains(name) && !TokenShape().IsMatch(text) && !TokenShape().IsMatch(name)) continue;

            // A parameter that is no word of ours is not repeated: it may be the credential itself.
            throw Refuse.Invalid(
                "credential_in_url",
                $"Send credentials in a header: {(Names.Contains(name) ? $"'{name}'" : "one")} in the address is written to logs. Replace "
                    + "that credential now.");
        }
    }

    /// <summary>No address of ours holds a key or a token; tickets and one-time words look different.</summary>
    private async Task RefuseInPath(HttpContext context)
    {
        foreach (var segment in (context.Request.Path.Value ?? "").Split('/'))
        {
            var key = KeyText.Shape().Match(segment);
            if (key.Success) await Expose(context, key.Value);
            if (key.Success || TokenShape().IsMatch(segment))
            {
                throw Refuse.Invalid(
                    "credential_in_url",
                    "Send credentials in a header: one in the address is written to logs. Replace that credential now.");
            }
        }
    }

    private async Task Expose(HttpContext context, string text)
    {
        if (await check.Prove(text, context.RequestAborted, early: context) is not { } keyId || exposed.Knows(keyId)) return;
        await context.RequestServices.GetRequiredService<KeyChanges>().Expose(keyId, context.RequestAborted);
        exposed.Remember(keyId);
    }

    [GeneratedRegex(@"aegis_rt_[0-9a-z]{26}_|^(Bearer\s+)?eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}$",
        RegexOptions.IgnoreCase)]
    private static partial Regex TokenShape();
}
