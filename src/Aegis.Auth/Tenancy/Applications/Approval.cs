using Aegis.Auth.People.Onboarding;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>Creates the organization of an approved application, its first user and the claim address in one save.</summary>
internal sealed class Approval(AuthDb db, SealedBox box, MailQueue mail, MailSender sender, IPublicUrl publicUrl, TimeProvider clock)
{
    public async Task<ApprovedResponse> Approve(Application application, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var organization = Organization.Create(
            Ids.New(application.WantsProvider ? "prov" : "cons", now), application.OrganizationName, application.WantsProvider,
            application.WantsConsumer, now);
        application.Approve(organization.Id, now);
        await RequirePartner(application, ct);
        var applicant = Applicant.Open(application, box);
        if (await db.Users.AnyAsync(u => u.Email == applicant.Email, ct))
            throw Refuse.Conflict("email_taken",
                "The contact's email belongs to another user. Reject the application and ask for one with another contact.");

        var user = User.Create(Ids.New("usr", now), organization.Id, applicant.Email, applicant.Name, Roles.Admin, now);
        var (token, hash) = OneTimeToken.Draw();
        var claim = Claim.Issue(Ids.New("clm", now), application.Id, (organization.Id, user.Id), hash, now);
        db.AddRange(organization, user, claim);
        return await Save(application, claim, token, ct);
    }

    public async Task<ApprovedResponse> RenewClaim(Application application, CancellationToken ct)
    {
        if (await db.Claims.SingleOrDefaultAsync(c => c.ApplicationId == application.Id, ct) is not { } claim)
            throw Refuse.Conflict("application_not_approved",
                "Only an approved application has a claim address. Approve the application first.");

        var (token, hash) = OneTimeToken.Draw();
        claim.Renew(hash, clock.GetUtcNow());
        return await Save(application, claim, token, ct);
    }

    /// <summary>A partner that was named by id must be registered. The admin decides about a partner that was named by name.</summary>
    private async Task RequirePartner(Application application, CancellationToken ct)
    {
        if (application.PartnerId is { } partner
            && !await db.Organizations.AnyAsync(o => o.Id == partner && o.ClosedAt == null && (o.IsProvider || o.IsConsumer), ct))
            throw Refuse.Conflict("partner_not_registered",
                "The partner of this application is not registered or is closed. Reject the application with partner_not_confirmed.");
    }

    /// <summary>The mail message with the claim address is queued in the same save that makes the address work.</summary>
    private async Task<ApprovedResponse> Save(Application application, Claim claim, string token, CancellationToken ct)
    {
        var url = $"{publicUrl.Value}/claim/{token}";
        var mailed = await mail.Write(application, claim, url, ct);
        await db.SaveChangesAsync(ct);
        if (mailed) sender.Hurry();
        return new ApprovedResponse(application.Id, application.Status, claim.OrganizationId, claim.UserId, url, claim.ExpiresAt, mailed);
    }
}
