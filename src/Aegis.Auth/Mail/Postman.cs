using System.Net.Sockets;
using System.Security.Authentication;
using Aegis.Auth.Catalogue;
using Aegis.Auth.Persistence;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.Mail;

/// <summary>
/// Sends letters after their commit, one after the other, and again until the server has them. Hosts share the work by leases. A host that dies
/// between the server's word and its own save sends a letter twice, with the same Message-ID.
/// </summary>
internal sealed class Postman(IServiceScopeFactory scopes, MailOptions options, TimeProvider clock, ILogger<Postman> log) : Worker(clock)
{
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(60); // within the lease

    private const int MostForNotice = 30; // a day: by then the next one says more

    private readonly Signal wanted = new();

    /// <summary>Looks now: there is a letter.</summary>
    public void Hurry() => wanted.Raise();

    /// <summary>Tries the letter that is due first; false when none is.</summary>
    public async Task<bool> DeliverNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var now = Clock.GetUtcNow();
        var due = db.Letters.Where(Letter.Lease.Due<Letter>(l => l.DueAt, now)).OrderBy(l => l.DueAt).ThenBy(l => l.Id);
        if (await due.FirstOrDefaultAsync(ct) is not { } letter) return false;
        try
        {
            if (await IsOfNoUse(db, letter, now, ct))
            {
                db.Letters.Remove(letter);
                await db.SaveChangesAsync(ct);
                return true;
            }

            letter.Take(now);
            await db.SaveChangesAsync(ct);
            if (await Attempt(letter, scope.ServiceProvider.GetRequiredService<Letters>().Open(letter), ct)) db.Letters.Remove(letter);
            await db.SaveChangesAsync(CancellationToken.None); // also when the host stops: the server may have it
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another host took it, or it was written anew meanwhile.
        }

        return true;
    }

    protected override TimeSpan Period => TimeSpan.FromSeconds(10);

    protected override Task? Woken() => wanted.Next();

    protected override async Task<bool> Work(CancellationToken ct) => options.Server is not null && await DeliverNext(ct);

    protected override void Failed(Exception failure) => Log.LettersNotRead(log, failure.GetType().Name);

    /// <summary>Used by the address that the admin handed over, or too late, or gone; of a notice, too old, or to whom it concerns no more.</summary>
    private static async Task<bool> IsOfNoUse(AuthDb db, Letter letter, DateTimeOffset now, CancellationToken ct)
    {
        if (letter.Kind is LetterKind.Notice)
            return letter.Attempts >= MostForNotice || !await db.Users.AnyAsync(u => u.Id == letter.UserId && u.Role == Roles.Admin && u.DisabledAt == null, ct);
        var subject = letter.Kind is LetterKind.Claim
            ? await db.Claims.Where(c => c.Id == letter.SubjectId).Select(c => new { UsedAt = c.RedeemedAt, c.ExpiresAt }).SingleOrDefaultAsync(ct)
            : await db.Invitations.Where(i => i.Id == letter.SubjectId).Select(i => new { UsedAt = i.AcceptedAt, i.ExpiresAt }).SingleOrDefaultAsync(ct);
        if (subject is { UsedAt: null } && now >= subject.ExpiresAt) letter.GiveUp("expired");
        return subject is null || subject.UsedAt is not null || now >= subject.ExpiresAt;
    }

    /// <summary>True when it is settled: the server has it, or never will.</summary>
    private async Task<bool> Attempt(Letter letter, LetterContent content, CancellationToken ct)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct);
        attempt.CancelAfter(LongestAttempt);
        try
        {
            var server = options.Server!;
            using var client = new SmtpClient();
            await SmtpDelivery.Send(client, server, LetterText.Of(letter.Kind, content, server.From, letter.Id, Clock.GetUtcNow()), attempt.Token);
            letter.Sent();
            return true;
        }
        catch (SmtpException refused)
        {
            Log.LetterRefused(log, letter.Id, letter.Attempts, refused.Message);
            if (refused.IsFinal) letter.GiveUp("refused");
            else letter.PutOff(Clock.GetUtcNow());
            return refused.IsFinal;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            Log.LetterNotSent(log, letter.Id, letter.Attempts, e.GetType().Name);
            letter.PutOff(Clock.GetUtcNow());
            return false;
        }
    }
}
