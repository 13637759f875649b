using System.Text.Encodings.Web;

namespace Aegis.Auth.People.Onboarding;

/// <summary>
/// The claim page in each of its states. It uses the stylesheet of the other pages. Its script only copies the key, so the page works
/// without it.
/// </summary>
internal static class ClaimPage
{
    public static string Ready(ClaimResponse claim) => Page("Your first API key is ready", $"""
        <p>Aegis makes the key when you press the button, and shows it only <strong>once</strong>.
        Have your password manager or secret store open.</p>
        <dl>
        <dt>Organization</dt><dd>{Text(claim.OrganizationName)}</dd>
        <dt>Organization id</dt><dd><code>{Text(claim.OrganizationId)}</code></dd>
        <dt>Works until</dt><dd>{Time(claim.ExpiresAt)}</dd>
        </dl>
        <form method="post" class="stack"><button type="submit">Show my API key</button></form>
        """);

    public static string Shown(ClaimedKeyResponse made, string publicUrl) => Page("Keep this key now", $"""
        <p>It is shown only this time. Aegis stores a fingerprint of the key, never the key.</p>
        <code class="key" id="key" tabindex="0" role="textbox" aria-readonly="true" aria-label="API key">{Text(made.Key)}</code>
        <div class="stack"><button type="button" id="copy" hidden aria-live="polite">Copy the key</button></div>
        <dl>
        <dt>Organization</dt><dd>{Text(made.OrganizationName)}</dd>
        <dt>Organization id</dt><dd><code>{Text(made.OrganizationId)}</code></dd>
        <dt>Key id</dt><dd><code>{Text(made.Id)}</code></dd>
        </dl>
        <h2>Try it</h2>
        <pre><code>curl -X POST {Text(publicUrl)}/v1/auth/token -H "X-Api-Key: $AEGIS_API_KEY"</code></pre>
        <h2>Then</h2>
        <ol>
        <li>Make a narrower key for each program at <code>/v1/auth/keys</code>; this one may do everything in your organization.</li>
        <li>Propose a partnership at <code>/v1/partnerships</code>.</li>
        <li>If this key ever leaks, report it at <code>/v1/auth/keys/report-leak</code>.</li>
        </ol>
        """);

    public static string Refused(RefusedException refused) => refused.Code switch
    {
        "claim_used" => Page("This key has already been shown", $"""
            <p>It was fetched on {Time((DateTimeOffset)refused.Members["usedAt"]!)}. A key is shown only once.</p>
            <p>If that was not you, tell the person who sent you this address <strong>now</strong>, so that the key can be revoked.</p>
            """),
        "claim_expired" => Page("This address has expired", $"""
            <p>It worked until {Time((DateTimeOffset)refused.Members["expiredAt"]!)}. No key was made.</p>
            <p>Ask the person who sent it to you for a new one.</p>
            """),
        _ => Page("This address does not exist", """
            <p>It is not complete, or a newer one replaced it.</p>
            <p class="soft">Check that you copied the whole address, from its first to its last character.</p>
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
        <link rel="stylesheet" href="{Asset.Style.Url}">
        </head>
        <body>
        <main>
        {PlainPage.Brand}
        <h1>{title}</h1>
        {content}
        </main>
        <script src="{Asset.Copy.Url}" defer></script>
        </body>
        </html>
        """;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Time(DateTimeOffset at) => PlainPage.Time(at).Value!;
}
