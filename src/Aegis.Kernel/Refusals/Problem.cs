using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Refusals;

/// <summary>Writes one problem+json answer (RFC 9457): type, title, status, detail, code, traceId and further members.</summary>
public static class Problem
{
    public const string ContentType = "application/problem+json";

    // What is unavailable comes back by itself or by an operator's hand; a second is long enough not to press it and short enough to notice.
    private const string RetrySeconds = "1";

    private static readonly JsonSerializerOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the refusal as the answer of this call.</summary>
    public static Task Write(HttpContext context, RefusedException refused) =>
        Write(context, refused.Status, refused.Code, refused.Message, refused.Members);

    public static async Task Write(
        HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, object?>? members = null)
    {
        var problem = new Dictionary<string, object?>
        {
            ["type"] = $"urn:aegis:error:{code}",
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
            ["code"] = code,
            ["traceId"] = TraceIdOf(context),
        };
        foreach (var (name, value) in members ?? new Dictionary<string, object?>())
            problem[name] = value;

        context.Items[CodeItem] = code;
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized && context.Response.Headers.WWWAuthenticate.Count == 0)
            context.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 9110 §15.5.2 demands a challenge
        if (status == StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0)
            context.Response.Headers.RetryAfter = RetrySeconds;
        context.Response.ContentType = ContentType;
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, Options), context.RequestAborted);
    }

    /// <summary>The <c>traceId</c> of the answer, by which the log is searched.</summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    /// <summary>The code of the problem this call was answered with, or null.</summary>
    public static string? CodeOf(HttpContext context) => context.Items[CodeItem] as string;

    private const string CodeItem = "aegis.problem.code";
}
