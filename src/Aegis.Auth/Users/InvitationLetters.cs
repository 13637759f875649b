using Aegis.Auth.Mail;
using Aegis.Auth.Persistence;
using Aegis.Kernel.Http;

namespace Aegis.Auth.Users;

/// <summary>Saves invitations with the letters that bring them.</summary>
internal sealed class InvitationLetters(AuthDb db, Letters letters, Postman postman, IPublicUrl publicUrl)
{
    public async Task<InvitedResponse> Save(User user, Invitation invitation, string token, CancellationToken ct)
    {
        var url = $"{publicUrl.Value}/invitation/{token}";
        var mailed = await letters.Write(user, invitation, url, ct);
        await db.SaveChangesAsync(ct);
        if (mailed) postman.Hurry();
        return new InvitedResponse(user.Id, user.Email, user.Name, user.Role, url, invitation.ExpiresAt, mailed);
    }
}
