using System.Diagnostics;
using Aegis.Kernel.Web.Connect;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Web.Refusals;

/// <summary>
/// Writes a refusal as problem+json (RFC 9457): type, title, status, detail, code, traceId and further members. Connect procedures get a
/// Connect error, and people get a page.
/// </summary>
public static class Problem
{
    public const string ContentType = "application/problem+json";

    // The service may be back soon. One second is long enough not to overload it, and short enough to notice its return.
    private const string RetrySeconds = "1";

    /// <summary>The member that is also sent as the header <c>Retry-After</c>.</summary>
    public const string RetryAfter = "retryAfterSeconds";

    private static readonly JsonSerializerOptions Options =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the refusal as the response of this call.</summary>
    public static Task Write(HttpContext context, RefusedException refused) =>
        Write(context, refused.Status, refused.Code, refused.Message, refused.Members);

    public static async Task Write(
        HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, object?>? members = null)
    {
        context.Items[CodeItem] = code;
        members ??= new Dictionary<string, object?>();
        if (members.TryGetValue(RetryAfter, out var seconds)) context.Response.Headers.RetryAfter = $"{seconds}";
        else if (status == StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0)
            context.Response.Headers.RetryAfter = RetrySeconds;
        if (RefusalPage.Of(context) is { } page)
        {
            await page.Write(context, new RefusedException(status, code, detail));
            return;
        }

        if (status == StatusCodes.Status401Unauthorized && context.Response.Headers.WWWAuthenticate.Count == 0)
            // RFC 9110 §15.5.2 requires a challenge
            context.Response.Headers.WWWAuthenticate = StepUp.Asks(code) ? StepUp.Challenge : "Bearer";
        if (ConnectProcedure.IsAddress(context.Request.Path))
        {
            await ConnectError.Write(context, status, code, detail, members);
            return;
        }

        var problem = new Dictionary<string, object?>
        {
            ["type"] = $"urn:aegis:error:{code}",
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
            ["code"] = code,
            ["traceId"] = TraceIdOf(context),
        };
        ErrorAndMessageAttribute.Add(context, status, detail, problem);
        foreach (var (name, value) in members)
            problem[name] = value;

        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, Options), context.RequestAborted);
    }

    /// <summary>The <c>traceId</c> of the response, for searching the log.</summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    /// <summary>The code of the problem that was written for this call, or null.</summary>
    public static string? CodeOf(HttpContext context) => context.Items[CodeItem] as string;

    private const string CodeItem = "aegis.problem.code";
}
