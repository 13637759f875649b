using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Web.Idempotency;

/// <summary>
/// Takes a form of a page once. The form carries a word that was drawn when it was shown, and what its first post saves keeps that word as
/// its receipt, as with an Idempotency-Key: a second click, or the same post again, finds what was made and makes nothing.
/// </summary>
public sealed class OneTimeForms
{
    private const int WordSize = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly KernelDb db;
    private readonly CallsUnderWay underWay;
    private readonly TimeProvider clock;

    internal OneTimeForms(KernelDb db, CallsUnderWay underWay, TimeProvider clock) =>
        (this.db, this.underWay, this.clock) = (db, underWay, clock);

    /// <summary>Draws the word of a form that is about to be shown.</summary>
    public static string Draw() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(WordSize));

    /// <summary>Makes what the form asks for, unless it was made already.</summary>
    /// <param name="http">The post.</param>
    /// <param name="word">As the form carried it.</param>
    /// <param name="make">Saves once, and raises an event of what it made.</param>
    /// <returns>What was made; or null and the id of what an earlier post of this form made.</returns>
    public async Task<(T? Made, string? Earlier)> Take<T>(HttpContext http, string? word, Func<Task<T>> make)
        where T : class
    {
        if (word is not { Length: > 0 and <= 64 })
            throw Refuse.Invalid("form_expired", "This form was not sent from this page. Load the page again, and repeat what you did.");
        var (caller, ct) = (http.Caller(), http.RequestAborted);
        var call = new IdempotentCall(
            Digest(string.Join('\n', "form", caller.OrganizationId, caller.Subject, http.Request.Path, word)), Digest(word));
        await Begin(call.Id, ct);
        try
        {
            if (await db.FindCall(call, clock.GetUtcNow(), ct) is { } earlier) return (null, earlier.ObjectId);
            http.Features.Set(call);
            return (await make(), null);
        }
        catch (Exception failed) when (failed is RefusedException or DbUpdateException)
        {
            // another host was faster
            if (await db.FindCall(call, clock.GetUtcNow(), ct) is { } meanwhile) return (null, meanwhile.ObjectId);
            throw;
        }
        finally
        {
            underWay.End(call.Id);
        }
    }

    /// <summary>
    /// A second click comes while the first one's post runs, and its answer is the one that is seen: so it waits for what that came to.
    /// </summary>
    private async Task Begin(string id, CancellationToken ct)
    {
        for (var since = clock.GetTimestamp(); !underWay.TryBegin(id); await Task.Delay(Glance, ct))
        {
            if (clock.GetElapsedTime(since) >= Patience)
                throw Refuse.Conflict("idempotency_in_progress", "This form is still being worked on. Look in a moment what it made.");
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
