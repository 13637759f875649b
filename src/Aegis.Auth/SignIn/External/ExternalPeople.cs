using System.Security.Claims;
using Aegis.Auth.Persistence;
using Aegis.Auth.Sessions;
using Aegis.Auth.Users;
using Aegis.Kernel.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Auth.SignIn.External;

/// <summary>
/// Recognizes people that another provider signed in: by the subject they were linked with, the first time by the verified address of a user whom an admin
/// invited. Nobody becomes a user by signing in.
/// </summary>
internal sealed class ExternalPeople(AuthDb db, TimeProvider clock)
{
    private const int MaxAttempts = 5;
    private const int MostMethods = 5;

    /// <summary>Begins the login of whoever came back, or leads to the page that says why not.</summary>
    public static async Task Enter(TicketReceivedContext context, ExternalOptions external)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        var found = context.Principal!;
        var people = http.RequestServices.GetRequiredService<ExternalPeople>();
        if (await people.Recognize(found, external, http.RequestAborted) is not { } user)
        {
            context.Response.Redirect("/sign-in?Done=unknown");
            return;
        }

        var logins = http.RequestServices.GetRequiredService<Logins>();
        await PersonCookie.Send(http, await logins.Begin(user, Logins.Web, Methods(found), http, http.RequestAborted));
        context.Response.Redirect(context.ReturnUri is { Length: > 0 } to ? to : "/");
    }

    private async Task<User?> Recognize(ClaimsPrincipal found, ExternalOptions external, CancellationToken ct)
    {
        var subject = found.FindFirst("sub");
        if (subject is not { Value.Length: > 0 }) return null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Linked(subject, ct) ?? await Link(subject, VerifiedEmail(found, external), ct);
            }
            catch (DbUpdateException e) when (attempt < MaxAttempts && (e is DbUpdateConcurrencyException || e.IsUniqueViolation()))
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<User?> Linked(System.Security.Claims.Claim subject, CancellationToken ct)
    {
        var id = ExternalIdentity.IdOf(subject.Issuer, subject.Value);
        return await (from identity in db.ExternalIdentities where identity.Id == id join user in db.Users on identity.UserId equals user.Id where user.DisabledAt == null select user).SingleOrDefaultAsync(ct);
    }

    /// <summary>The first time: also uses the invitation up, since whoever holds its address could choose a password with it.</summary>
    private async Task<User?> Link(System.Security.Claims.Claim subject, string? email, CancellationToken ct)
    {
        if (email is null || await db.Users.SingleOrDefaultAsync(u => u.Email == email && u.DisabledAt == null, ct) is not { } user) return null;
        if (await db.ExternalIdentities.AnyAsync(e => e.UserId == user.Id, ct)) return null; // somebody else there has had this address

        var now = clock.GetUtcNow();
        db.ExternalIdentities.Add(ExternalIdentity.Link(subject.Issuer, subject.Value, user, now));
        if (await db.Invitations.SingleOrDefaultAsync(i => i.UserId == user.Id && i.AcceptedAt == null && i.ExpiresAt > now, ct) is { } invitation) invitation.Accept(now);
        await db.SaveChangesAsync(ct);
        return user;
    }

    private static string? VerifiedEmail(ClaimsPrincipal found, ExternalOptions external) =>
        found.FindFirst("email")?.Value is { Length: > 0 } email && (external.VouchesForEmail || found.FindFirst("email_verified")?.Value is "true" or "True")
            ? email.ToLowerInvariant()
            : null;

    /// <summary>How the provider recognized the person, in words of RFC 8176, behind a word that says it was not here.</summary>
    private static List<string> Methods(ClaimsPrincipal found) =>
        ["ext", .. found.FindAll("amr").Select(a => a.Value).Where(a => a.Length is > 0 and <= 8 && a.All(char.IsAsciiLetterLower)).Take(MostMethods)];
}
