using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Web.Idempotency;

/// <summary>
/// Handles the form of a page once. The form contains a random token, and the first post saves the token as its receipt, like an
/// Idempotency-Key. A second click, or the same post again, finds the object and makes nothing.
/// </summary>
public sealed class OneTimeForms
{
    private const int TokenSize = 16;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);

    private readonly KernelDb db;
    private readonly CallsUnderWay underWay;
    private readonly TimeProvider clock;

    internal OneTimeForms(KernelDb db, CallsUnderWay underWay, TimeProvider clock) =>
        (this.db, this.underWay, this.clock) = (db, underWay, clock);

    /// <summary>Generates the token of a form that will be shown.</summary>
    public static string Draw() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenSize));

    /// <summary>Runs <paramref name="make"/>, unless an earlier post of this form has succeeded.</summary>
    /// <param name="http">The request.</param>
    /// <param name="word">The form's token.</param>
    /// <param name="make">Makes an object, raises an event and saves once.</param>
    /// <returns>The new object; or null and the id of the object that an earlier post of this form made.</returns>
    public async Task<(T? Made, string? Earlier)> Take<T>(HttpContext http, string? word, Func<Task<T>> make)
        where T : class
    {
        if (word is not { Length: > 0 and <= 64 })
            throw Refuse.Invalid("form_expired", "This form is no longer valid. Load the page again and repeat the change.");
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
            if (await db.FindCall(call, clock.GetUtcNow(), ct) is { } concurrent) return (null, concurrent.ObjectId);
            throw;
        }
        finally
        {
            underWay.End(call.Id);
        }
    }

    /// <summary>
    /// Waits until an earlier post of the same form has ended. After a double click the browser shows the answer to the second post, so
    /// that answer needs the outcome of the first.
    /// </summary>
    private async Task Begin(string id, CancellationToken ct)
    {
        for (var since = clock.GetTimestamp(); !underWay.TryBegin(id); await Task.Delay(CheckInterval, ct))
        {
            if (clock.GetElapsedTime(since) >= MaxWait)
                throw Refuse.Conflict("idempotency_in_progress", "This form is still being processed. Check the result in a moment.");
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
