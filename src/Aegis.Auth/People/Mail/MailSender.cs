using System.Net.Sockets;
using System.Security.Authentication;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.People.Mail;

/// <summary>
/// Sends letters after their commit, one after the other, and again until the server has them. Hosts share the work by leases. A host that
/// dies between the server's word and its own save sends a letter twice, with the same Message-ID.
/// </summary>
internal sealed class MailSender(IServiceScopeFactory scopes, MailOptions options, TimeProvider clock, ILogger<MailSender> log)
    : Worker(clock)
{
    private static readonly TimeSpan MaxAttempt = TimeSpan.FromSeconds(60); // within the lease

    private const int MaxNoticeAttempts = 30; // a day: by then the next one says more

    private readonly Signal wanted = new();

    /// <summary>Looks now: there is a letter.</summary>
    public void Hurry() => wanted.Raise();

    /// <summary>Tries the letter that is due first; false when none is.</summary>
    public async Task<bool> DeliverNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var now = Clock.GetUtcNow();
        var due = db.MailMessages.Where(MailMessage.Lease.Due<MailMessage>(l => l.DueAt, now)).OrderBy(l => l.DueAt).ThenBy(l => l.Id);
        if (await due.FirstOrDefaultAsync(ct) is not { } message) return false;
        try
        {
            if (await IsOfNoUse(db, message, now, ct))
            {
                db.MailMessages.Remove(message);
                await db.SaveChangesAsync(ct);
                return true;
            }

            message.Take(now);
            await db.SaveChangesAsync(ct);
            if (await Attempt(message, scope.ServiceProvider.GetRequiredService<MailQueue>().Open(message), ct))
                db.MailMessages.Remove(message);
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

    protected override void Failed(Exception failure) => Log.MailQueueNotRead(log, failure.GetType().Name);

    /// <summary>
    /// Used by the address that the admin handed over, or too late, or gone; of a notice, too old, or to whom it concerns no more.
    /// </summary>
    private static async Task<bool> IsOfNoUse(AuthDb db, MailMessage message, DateTimeOffset now, CancellationToken ct)
    {
        if (message.Kind is MailKind.Notice)
            return message.Attempts >= MaxNoticeAttempts
                || !await db.Users.AnyAsync(u => u.Id == message.UserId && u.Role == Roles.Admin && u.DisabledAt == null, ct);
        var subject = message.Kind is MailKind.Claim
            ? await db.Claims.Where(c => c.Id == message.SubjectId).Select(c => new { UsedAt = c.RedeemedAt, c.ExpiresAt })
                .SingleOrDefaultAsync(ct)
            : await db.Invitations.Where(i => i.Id == message.SubjectId).Select(i => new { UsedAt = i.AcceptedAt, i.ExpiresAt })
                .SingleOrDefaultAsync(ct);
        if (subject is { UsedAt: null } && now >= subject.ExpiresAt) message.GiveUp("expired");
        return subject is null || subject.UsedAt is not null || now >= subject.ExpiresAt;
    }

    /// <summary>True when it is settled: the server has it, or never will.</summary>
    private async Task<bool> Attempt(MailMessage message, MailContent content, CancellationToken ct)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct);
        attempt.CancelAfter(MaxAttempt);
        try
        {
            var server = options.Server!;
            using var client = new SmtpClient();
            await SmtpDelivery.Send(
                client, server, MailText.Of(message.Kind, content, server.From, message.Id, Clock.GetUtcNow()), attempt.Token);
            message.Sent();
            return true;
        }
        catch (SmtpException refused)
        {
            Log.MailRefused(log, message.Id, message.Attempts, refused.Message);
            if (refused.IsFinal) message.GiveUp("refused");
            else message.PutOff(Clock.GetUtcNow());
            return refused.IsFinal;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            Log.MailNotSent(log, message.Id, message.Attempts, e.GetType().Name);
            message.PutOff(Clock.GetUtcNow());
            return false;
        }
    }
}
