using System.Net.Http.Headers;

namespace Aegis.Vault.Providers.Api;

/// <summary>One section of the configuration: an HTTP call with placeholders. Each filled text is escaped for its position.</summary>
internal sealed class CallTemplate
{
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";
    private static readonly string[] Forbidden =
        ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect",
            "proxy-authorization", "cookie2"];

    private static readonly string[] HeaderMembers = ["headers", "secret_headers"];

    private readonly JsonObject section;

    public CallTemplate(JsonObject section) => this.section = section;

    /// <summary>The members of every section.</summary>
    public static IReadOnlyList<ConfigField> Fields(string method) =>
    [
        new ChoiceField("method", $"HTTP method; default {method}.", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        new TextField("url", "The URL of the call. Path and query may contain {{handle}}, {{mark}}, {{name}} and {{id}}, but no secrets.",
            Required: true, MaxLength: 2000),
        new TextMapField("headers", "Headers that readers of the configuration may see."),
        new TextMapField("secret_headers", "Headers with secrets in them.", IsSecret: true),
        new TextField("body", "Text of the body. Placeholders are escaped for JSON or forms, or not at all, depending on the content type.",
            MaxLength: 20_000, Lines: true),
        new WholeListField("expect_status", "Statuses that mean success; default 200 to 299.", 100, 599),
    ];

    /// <summary>Checks the members together.</summary>
    /// <param name="section">The section.</param>
    /// <param name="name">The name of the section.</param>
    /// <param name="known">The placeholders that are valid in it.</param>
    /// <param name="errors">Collects the sentences.</param>
    public static void Check(JsonObject section, string name, IReadOnlyList<string> known, ConfigErrors errors)
    {
        var call = new CallTemplate(section);
        var url = call.Text("url")!;
        foreach (var placeholder in call.Texts().SelectMany(Template.In).Where(p => !known.Contains(p)))
            errors.AddMember(name,
                $"{{{{{placeholder}}}}} is not valid in {name}. Valid are {string.Join(", ", known.Select(k => $"{{{{{k}}}}}"))}.");
        if (Template.In(url).Any(p => p is "value" or "current"))
            errors.AddMember($"{name}.url",
                "A URL must not contain a secret, because logs would store it. Put it into a header or the body.");
        else if (!IsAddress(url))
            errors.AddMember($"{name}.url",
                "url must be an absolute https URL without user name and fragment, with placeholders in path and query only.");
        foreach (var header in call.Headers().Where(h => !IsHeaderName(h.Name) || h.Text.Any(c => c is '\r' or '\n' or '\0')))
            errors.AddMember($"{name}.headers",
                $"'{new string(header.Name.Where(c => !char.IsControl(c)).ToArray())}' cannot be sent as a header.");
        if (call.Text("body") is { } body && call.IsJson && !FitsJson(body))
            errors.AddMember($"{name}.body", "body must be JSON, with placeholders only inside strings, such as {\"key\":\"{{value}}\"}.");
    }

    /// <summary>The address with a harmless text in place of each placeholder.</summary>
    public Uri Address => new(Template.Blank(Text("url")!, "x"));

    public bool Mentions(string placeholder) => Texts().SelectMany(Template.In).Contains(placeholder);

    public bool IsExpected(int status) => section["expect_status"] is JsonArray { Count: > 0 } expected
        ? expected.Any(s => s!.GetValue<int>() == status)
        : status is >= 200 and < 300;

    public HttpRequestMessage Request(string method, Filling filling)
    {
        var request = new HttpRequestMessage(new HttpMethod(Text("method") ?? method), FilledAddress(filling));
        if (Text("body") is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(
                    Template.Fill(body, filling, IsJson ? InJson : ContentType == FormType ? Uri.EscapeDataString : v => v)));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        foreach (var (header, text) in Headers().Where(h => !h.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)))
        {
            var value = Template.Fill(text, filling, InHeader);
            if (!request.Headers.TryAddWithoutValidation(header, value)) request.Content?.Headers.TryAddWithoutValidation(header, value);
        }

        return request;
    }

    private bool IsJson => ContentType == JsonType || ContentType.EndsWith("+json", StringComparison.Ordinal);

    private string ContentType =>
        Headers().FirstOrDefault(h => h.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)).Text is { } named
        && MediaTypeHeaderValue.TryParse(named, out var type) && type.MediaType is { } media ? media.ToLowerInvariant()
        : Text("body")?.TrimStart() is ['[', ..] or ['{', not '{', ..] ? JsonType : "text/plain";

    private string? Text(string member) => section[member]?.GetValue<string>();

    private IEnumerable<(string Name, string Text)> Headers() => HeaderMembers
        .SelectMany(m => section[m] as JsonObject ?? []).Select(h => (h.Key, h.Value!.GetValue<string>()));

    private IEnumerable<string> Texts() => Headers().Select(h => h.Text).Concat([Text("url")!, Text("body") ?? ""]);

    private static bool IsAddress(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return false;
        var end = url.IndexOfAny(['/', '?'], start + 3);
        return !url[..(end < 0 ? url.Length : end)].Contains('{')
            && Uri.TryCreate(Template.Blank(url, "x"), UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
    }

    private static bool IsHeaderName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c))
            && !Forbidden.Contains(name.ToLowerInvariant());

    // The first fails outside a string, the second after a backslash.
    private static bool FitsJson(string body) => Parses(Template.Blank(body, "\\u0000")) && Parses(Template.Blank(body, "x"));

    private static bool Parses(string json)
    {
        try
        {
            JsonElement.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// The address with its placeholders filled. A filled text next to a dot of the template must not become <c>..</c> either.
    /// </summary>
    private string FilledAddress(Filling filling)
    {
        var filled = Template.Fill(Text("url")!, filling, ProviderCalls.Segment);
        return new Uri(filled).Segments.Length == Address.Segments.Length ? filled : throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
            "The text for a placeholder cannot be used in the URL, because it would change the path.");
    }

    private static string InJson(string value) => JsonEncodedText.Encode(value).ToString();

    private static string InHeader(string value) => value.All(c => c is >= ' ' and <= '~')
        ? value
        : throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.ValueUnsupported, "The value has characters that are not allowed in a header.");
}
