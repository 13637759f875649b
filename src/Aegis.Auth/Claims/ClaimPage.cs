using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Aegis.Kernel.Refusals;

namespace Aegis.Auth.Claims;

/// <summary>The claim page in its states. It loads nothing, and works without its script, which only copies the key.</summary>
internal static class ClaimPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ground:#f4f6f8;--card:#fff;--ink:#16202c;--soft:#56657a;--line:#d9e0e8;--accent:#0b5fcc;--on:#fff;--quiet:#eef3f9;--ring:#0b5fcc}
        @media(prefers-color-scheme:dark){:root{--ground:#0e141b;--card:#161e28;--ink:#e8eef5;--soft:#a3b1c2;--line:#2a3644;--accent:#6cb0ff;--on:#08121f;--quiet:#1d2836;--ring:#9ccaff}}
        *{box-sizing:border-box}
        html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--ground);color:var(--ink)}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.25rem}
        main{width:min(100%,38rem);background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:clamp(1.5rem,5vw,2.75rem);box-shadow:0 1px 2px #0000000d,0 1rem 3rem -1.5rem #00000040}
        .brand{display:flex;align-items:center;gap:.6rem;margin:0 0 1.75rem;color:var(--soft);font-weight:600;letter-spacing:.02em}
        .brand svg{width:1.5rem;height:1.5rem;fill:none;stroke:var(--accent);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
        h1{margin:0 0 .75rem;font-size:clamp(1.5rem,5vw,1.9rem);line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
        h2{margin:2rem 0 .5rem;font-size:1rem}
        p{margin:0 0 1rem}
        .soft{color:var(--soft)}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.25rem;margin:1.5rem 0;padding:1rem 0;border-block:1px solid var(--line)}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere}
        code,pre,.key{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.94em}
        .key{display:block;padding:1rem 1.1rem;border:1px solid var(--accent);border-radius:.6rem;background:var(--quiet);overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
        pre{margin:0;padding:1rem 1.1rem;border-radius:.6rem;background:var(--quiet);white-space:pre-wrap;overflow-wrap:anywhere}
        button{width:100%;min-height:3rem;margin-top:.5rem;padding:.75rem 1.25rem;border:0;border-radius:.6rem;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
        button:hover{filter:brightness(1.08)}
        :focus-visible{outline:3px solid var(--ring);outline-offset:3px}
        ol{margin:.5rem 0 0;padding-left:1.25rem}
        li{margin:.35rem 0}
        """;

    private const string Script = """
        (function(){var b=document.getElementById('copy'),k=document.getElementById('key');if(!b||!k||!navigator.clipboard)return;b.hidden=false;b.addEventListener('click',function(){navigator.clipboard.writeText(k.textContent).then(function(){b.textContent='Copied';});});})();
        """;

    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static string Ready(ClaimResponse claim) => Page("Your first API key is ready", $"""
        <p>Aegis makes the key when you press the button and shows it <strong>once</strong>. Have your password manager or secret store open.</p>
        <dl>
        <dt>Organization</dt><dd>{Text(claim.OrganizationName)}</dd>
        <dt>Organization id</dt><dd><code>{Text(claim.OrganizationId)}</code></dd>
        <dt>Works until</dt><dd>{Time(claim.ExpiresAt)}</dd>
        </dl>
        <form method="post"><button type="submit">Show my API key</button></form>
        """);

    public static string Shown(ClaimedKeyResponse made, string publicUrl) => Page("Keep this key now", $"""
        <p>This is the only time it is shown. Aegis stores a fingerprint of it, never the key.</p>
        <code class="key" id="key" tabindex="0" role="textbox" aria-readonly="true" aria-label="API key">{Text(made.Key)}</code>
        <button type="button" id="copy" hidden aria-live="polite">Copy the key</button>
        <dl>
        <dt>Organization</dt><dd>{Text(made.OrganizationName)}</dd>
        <dt>Organization id</dt><dd><code>{Text(made.OrganizationId)}</code></dd>
        <dt>Key id</dt><dd><code>{Text(made.Id)}</code></dd>
        </dl>
        <h2>Try it</h2>
        <pre><code>curl -X POST {Text(publicUrl)}/v1/auth/token -H "X-Api-Key: $AEGIS_API_KEY"</code></pre>
        <h2>Then</h2>
        <ol>
        <li>Make a narrower key for each program at <code>/v1/auth/keys</code>; this one can do everything in your organization.</li>
        <li>Propose a partnership at <code>/v1/partnerships</code>.</li>
        <li>If this key ever leaks, report it at <code>/v1/auth/keys/report-leak</code>.</li>
        </ol>
        """);

    public static string Refused(RefusedException refused) => refused.Code switch
    {
        "claim_used" => Page("This key was shown already", $"""
            <p>It was fetched on {Time((DateTimeOffset)refused.Members["usedAt"]!)}, and it is shown only once.</p>
            <p>If that was not you, tell whoever sent you this address <strong>now</strong>: the key can be revoked at once.</p>
            """),
        "claim_expired" => Page("This address has expired", $"""
            <p>It worked until {Time((DateTimeOffset)refused.Members["expiredAt"]!)}. No key was made.</p>
            <p>Ask whoever sent it to you for a new one.</p>
            """),
        _ => Page("There is nothing here", """
            <p>This address is not complete, or a newer one took its place.</p>
            <p class="soft">Check that it was copied whole, from its first to its last character.</p>
            """),
    };

    private static string Page(string title, string content) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{title} · Aegis</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l7 2.5v5.6c0 4.5-2.9 8-7 9.9-4.1-1.9-7-5.4-7-9.9V5.5z"/><path d="M9 12.2l2.2 2.2 4-4.4"/></svg>Aegis</p>
        <h1>{title}</h1>
        {content}
        </main>
        <script>{Script}</script>
        </body>
        </html>
        """;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Time(DateTimeOffset at) =>
        $"<time datetime=\"{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>";

    private static string Hash(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
}
