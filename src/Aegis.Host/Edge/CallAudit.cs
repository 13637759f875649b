using System.Text.RegularExpressions;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;
using Microsoft.AspNetCore.Http.Features;

namespace Aegis.Host.Edge;

/// <summary>
/// Writes an audit entry for each authenticated call, and sends no response before its entry is durable. Calls that were refused before
/// their caller was recognized are counted instead (<see cref="CallAuditRefusals"/>). Only route templates are written, because paths can
/// contain names and tickets.
/// </summary>
internal sealed partial class CallAudit(RequestDelegate next, IAuditTrail trail, CallAuditRefusals refusals, TimeProvider clock)
{
    private static readonly string[] Audited = ["/v1", "/realms", "/hangfire", "/settings", "/sign-in", "/sign-out", "/invitation"];
    private const string Exempt = "/v1/health"; // exempt itself, but not the paths below it
    private const string Tlog = "/v1/audit/tlog"; // contains no personal data; an entry per read would grow the log that is read

    public async Task Invoke(HttpContext context)
    {
        if (!Covers(context.Request.Path))
        {
            await next(context);
            return;
        }

        var before = context.Response.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase);
        using var answer = CallAuditAnswer.Begin(context);
        try
        {
            await next(context);
            await answer.CompleteAsync();
        }
        catch
        {
            // The connection will be closed, but the call is still audited.
            await TryRecord(context, StatusCodes.Status500InternalServerError);
            throw;
        }
        finally
        {
            answer.Restore();
        }

        if (!answer.IsBuffered) return; // a stream writes its own start and end entries
        if (await TryRecord(context, context.Response.StatusCode) is { } unavailable)
        {
            context.Response.Clear();
            foreach (var (name, value) in before) context.Response.Headers[name] = value;
            await Problem.Write(context, unavailable);
            return;
        }

        await answer.Send(context);
    }

    private static bool Covers(PathString path) =>
        ConnectProcedure.IsAddress(path)
        || Audited.Any(a => path.StartsWithSegments(a, StringComparison.OrdinalIgnoreCase))
        && !string.Equals(path.Value?.TrimEnd('/'), Exempt, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the entry even if the client has disconnected. Returns the refusal if that fails.</summary>
    private async Task<RefusedException?> TryRecord(HttpContext context, int status)
    {
        if (AuditActor.Of(context) is not { } actor)
        {
            refusals.Count(context, status);
            return null;
        }

        if (context.Request.Path.StartsWithSegments(Tlog, StringComparison.OrdinalIgnoreCase)) return null;

        try
        {
            await trail.Write(Entry(context, actor, status), CancellationToken.None);
            return null;
        }
        catch (RefusedException unavailable)
        {
            return unavailable;
        }
    }

    private AuditFact Entry(HttpContext context, AuditActor actor, int status)
    {
        var now = clock.GetUtcNow();
        var outcome = status switch { < 400 => AuditFact.Success, < 500 => AuditFact.Refused, _ => AuditFact.Failed };
        return new AuditFact(
            Ids.New("log", now), now, AuditFact.Call, $"{context.Request.Method} {context.RouteTemplate()}",
            Object(context, outcome), outcome, Problem.CodeOf(context), [actor.Organization], actor,
            new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(status) });
    }

    /// <summary>
    /// Returns the id in the route if it is well-formed, because callers can write anything there. Without one, returns the object that a
    /// successful call made.
    /// </summary>
    private static string? Object(HttpContext context, string outcome)
    {
        if (context.OriginalRouteValues().TryGetValue("id", out var value) && value is string id) return IdShape().IsMatch(id) ? id : null;
        return outcome == AuditFact.Success ? context.FindAuditedObject() : null;
    }

    [GeneratedRegex("^[a-z]{2,8}_[0-9a-z]{1,48}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdShape();
}

/// <summary>Registers the call audit and adds it to the pipeline.</summary>
internal static class CallAuditSetup
{
    public static IServiceCollection AddCallAudit(this IServiceCollection services)
    {
        services.AddSingleton<CallAuditRefusals>();
        return services.AddHostedService(sp => sp.GetRequiredService<CallAuditRefusals>());
    }

    /// <summary>
    /// Must run after routing, which identifies streams, and around the exception handler, so that it sees the final status.
    /// </summary>
    public static IApplicationBuilder UseCallAudit(this IApplicationBuilder app) => app.UseMiddleware<CallAudit>();
}
