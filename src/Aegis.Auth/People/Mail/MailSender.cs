using System.Net.Sockets;
using System.Security.Authentication;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using MailKit.Net.Smtp;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.People.Mail;

/// <summary>
/// Sends mail messages after their commit, one after the other, and retries until the mail server accepts them. <see cref="MailQueue"/>
/// writes a <see cref="MailMessage"/> in the transaction of its cause; <see cref="MailFailingWebhooks"/> writes notices to admins.
/// <see cref="MailText"/> formats a message and <see cref="SmtpDelivery"/> hands it to the server of <see cref="MailOptions"/>. Hosts share
/// the work by leases. A failed attempt is repeated with growing pauses, until the server rejects the message for good or the message is
/// obsolete. A host that dies between the server's answer and its own save causes a second message with the same Message-ID.
/// </summary>
internal sealed class MailSender(IServiceScopeFactory scopes, MailOptions options, TimeProvider clock, ILogger<MailSender> log)
    : Worker(clock)
{
    private static readonly TimeSpan MaxAttempt = TimeSpan.FromSeconds(60); // within the lease

    private const int MaxNoticeAttempts = 30; // about a day: by then a newer notice says more

    private readonly Signal wanted = new();

    /// <summary>Wakes the sender, because a message was saved.</summary>
    public void Hurry() => wanted.Raise();

    /// <summary>Tries to send the message that is due first; false when none is due.</summary>
    public async Task<bool> DeliverNext(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var now = Clock.GetUtcNow();
        var due = db.MailMessages.Where(MailMessage.Lease.Due<MailMessage>(l => l.DueAt, now)).OrderBy(l => l.DueAt).ThenBy(l => l.Id);
        if (await due.FirstOrDefaultAsync(ct) is not { } message) return false;
        try
        {
            if (await IsObsolete(db, message, now, ct))
            {
                db.MailMessages.Remove(message);
                await db.SaveChangesAsync(ct);
                return true;
            }

            message.Take(now);
            await db.SaveChangesAsync(ct);
            if (await Attempt(message, scope.ServiceProvider.GetRequiredService<MailQueue>().Open(message), ct))
                db.MailMessages.Remove(message);
            await db.SaveChangesAsync(CancellationToken.None); // even when the host stops: the server may have accepted it
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another host took it, or its link was renewed at the same time.
        }

        return true;
    }

    protected override TimeSpan Period => TimeSpan.FromSeconds(10);

    protected override Task? Woken() => wanted.Next();

    protected override async Task<bool> Work(CancellationToken ct) => options.Server is not null && await DeliverNext(ct);

    protected override void Failed(Exception failure) => Log.MailQueueNotRead(log, failure.GetType().Name);

    /// <summary>
    /// Obsolete: the link was used, has expired or was deleted; a notice is too old, or its recipient is no longer an admin.
    /// </summary>
    private static async Task<bool> IsObsolete(AuthDb db, MailMessage message, DateTimeOffset now, CancellationToken ct)
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

    /// <summary>True when it needs no further attempt: the server accepted it, or rejected it for good.</summary>
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
