using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// The time of a person's last sign-in or re-authentication. Changes that survive the session require a recent one, so a stolen cookie
/// cannot be turned into lasting access.
/// </summary>
internal sealed class RecentSignIn(AuthDb db, AuthOptions options, TimeProvider clock) : IRecentSignIn
{
    public async Task<bool> IsRecent(Caller person, CancellationToken ct) =>
        (await Login(person, ct)).IsFresh(options.ProofLifetime, clock.GetUtcNow());

    /// <summary>Saves that the person re-authenticated, with the other tracked changes, such as a used one-time code.</summary>
    public async Task RecordSuccess(Caller person, string methods, CancellationToken ct)
    {
        (await Login(person, ct)).Prove(methods, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Saves that a re-authentication failed.</summary>
    public async Task RecordFailure(Caller person, string methods, CancellationToken ct)
    {
        (await Login(person, ct)).FailProof(methods);
        await db.SaveChangesAsync(ct);
    }

    public async Task RecordJobChange(Caller person, string act, IReadOnlyList<string> jobs, CancellationToken ct)
    {
        (await Login(person, ct)).RecordJobChange(act, jobs);
        await db.SaveChangesAsync(ct);
    }

    private Task<Session> Login(Caller person, CancellationToken ct) => db.Sessions.SingleAsync(s => s.Id == person.SessionId, ct);
}

/// <summary>
/// Marks a page whose changes survive the login. Without a recent sign-in it redirects to the page that asks for one, which then leads
/// back.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequireRecentSignInAttribute : Attribute, IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (await http.RequestServices.GetRequiredService<RecentSignIn>().IsRecent(http.Caller(), http.RequestAborted)) await next();
        else context.Result = new RedirectResult($"{SignInAgainPage.Path}?returnUrl={Uri.EscapeDataString(ReturnTo(http.Request))}");
    }

    /// <summary>The page without its form handler: a form that was sent too late must be filled in again.</summary>
    private static string ReturnTo(HttpRequest request) =>
        request.Path + new QueryBuilder(request.Query.Where(q => q.Key != "handler")).ToQueryString().Value;
}
