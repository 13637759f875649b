using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Aegis.Auth.Access.Bearer;

/// <summary>
/// Refuses credentials in the path or query of a URL (RFC 6750 §5.3), because URLs end up in logs, histories and referrers. A valid API
/// key found there is recorded as exposed, so that its owner is told. It runs on every path, after the rate limit, because each such
/// request may cost a query and a write.
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
            var key = KeyText.Shape().Match($"{name} {text}"); // '?aegis_…' sends the key as a name
            if (key.Success) await Expose(context, key.Value);
            if (!key.Success && !Names.Contains(name) && !TokenShape().IsMatch(text) && !TokenShape().IsMatch(name)) continue;

            // A parameter name that is not in the list is not repeated: it may be the credential.
            throw Refuse.Invalid(
                "credential_in_url",
                $"{(Names.Contains(name) ? $"'{name}'" : "A credential")} in the URL is written to logs. Replace that credential now and "
                    + "send credentials in a header.");
        }
    }

    /// <summary>No path of Aegis contains a key or an access token. Content tickets and one-time tokens have other formats.</summary>
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
                    "A credential in the URL is written to logs. Replace that credential now and send credentials in a header.");
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

/// <summary>
/// The keys that this process has already recorded as exposed, so that a client that sends its key in every URL causes one write.
/// </summary>
internal sealed class ExposedKeys
{
    private readonly ConcurrentDictionary<string, byte> recorded = new(StringComparer.Ordinal);

    public bool Knows(string keyId) => recorded.ContainsKey(keyId);

    /// <summary>Call it after the exposure is stored, so that a failed write is tried again with the next request.</summary>
    public void Remember(string keyId) => recorded.TryAdd(keyId, 0);
}
