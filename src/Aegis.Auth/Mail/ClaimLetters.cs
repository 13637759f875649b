using System.Text.Json;
using Aegis.Auth.Applications;
using Aegis.Auth.Claims;
using Aegis.Auth.Persistence;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Sealing;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Mail;

/// <summary>What a letter says. It exists in clear only while it is written and sent.</summary>
/// <param name="To">The contact's address.</param>
/// <param name="OrganizationName">For which organization a key can be fetched.</param>
/// <param name="Url">The claim address.</param>
/// <param name="Until">Until when it works.</param>
internal sealed record LetterContent(string To, string OrganizationName, string Url, DateTimeOffset Until)
{
    public override string ToString() => "***";
}

/// <summary>Writes letters with claim addresses, where the installation sends mail at all.</summary>
internal sealed class ClaimLetters(AuthDb db, SealedBox box, MailOptions options, TimeProvider clock)
{
    /// <summary>Writes the letter of a claim, or anew; the caller saves. False where no mail is sent.</summary>
    public async Task<bool> Write(Application application, Claim claim, string url, CancellationToken ct)
    {
        if (options.Server is null) return false;

        var now = clock.GetUtcNow();
        var content = new LetterContent(Applicant.Open(application, box).Email, application.OrganizationName, url, claim.ExpiresAt);
        if (await db.Letters.SingleOrDefaultAsync(l => l.ClaimId == claim.Id, ct) is { } unsent)
        {
            unsent.Rewrite(Seal(content, unsent.Id), now);
        }
        else
        {
            var id = Ids.New("ltr", now);
            db.Letters.Add(Letter.Of(id, claim, Seal(content, id), now));
        }

        return true;
    }

    public LetterContent Open(Letter letter) => JsonSerializer.Deserialize<LetterContent>(box.Open(letter.SealedContent, Letter.Subject(letter.Id)))!;

    private byte[] Seal(LetterContent content, string id) => box.Seal(JsonSerializer.SerializeToUtf8Bytes(content), Letter.Subject(id));
}
