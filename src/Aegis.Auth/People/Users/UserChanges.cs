namespace Aegis.Auth.People.Users;

/// <summary>
/// What admins do with the users of their organization. Changes of roles meet in the row of the organization, so that two admins cannot
/// take the role from each other at once; and hosts forget everybody, since a key that is made at this moment is on no list.
/// </summary>
internal sealed class UserChanges(AuthDb db, Revocations revocations, InvitationMail mail, TimeProvider clock)
{
    private static readonly string[] Everybody = [StateChange.Everybody];

    /// <summary>
    /// Adds a user with an invitation. Its address is in the answer and nowhere else. All is alike for an address that somebody of another
    /// organization has, but that the letter says so to its owner and the user can sign in nowhere.
    /// </summary>
    public async Task<InvitedResponse> Invite(InviteUserRequest request, Caller caller, CancellationToken ct)
    {
        try
        {
            return await db.RetryOnConflict(() => InviteNow(request, caller, ct));
        }
        catch (DbUpdateException taken) when (taken.IsUniqueViolation())
        {
            db.ChangeTracker.Clear(); // another organization took the address at this moment; or the call is a repeat, which fails again
            return await db.RetryOnConflict(() => InviteNow(request, caller, ct));
        }
    }

    /// <summary>
    /// Gives a user a new address to choose a password at; earlier ones no longer work, the present password goes on until it is used.
    /// </summary>
    public Task<InvitedResponse> InviteAgain(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var meeting = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        await RequireAdmin(caller, user.Role, lasts: true, ct);
        if (user.DisabledAt is not null) throw Refuse.Conflict("user_is_disabled", "This user is disabled. Enable it first.");

        var now = clock.GetUtcNow();
        await db.TakeInvitation(caller.OrganizationId, user.Address, now, ct);
        db.LockByRevision(meeting);
        if (user.RefusedEmail is not null && !await db.Users.AnyAsync(u => u.Email == user.RefusedEmail, ct)) user.TakeRefusedEmail();
        var (token, hash) = OneTimeToken.Draw();
        var invitation = await db.Invitations.SingleOrDefaultAsync(i => i.UserId == id, ct);
        if (invitation is null) db.Invitations.Add(invitation = Invitation.Issue(Ids.New("inv", now), user, hash, now));
        else invitation.Renew(hash, now);
        // who is somebody else at the provider now is known by the address again
        db.RemoveRange(await db.ExternalIdentities.Where(i => i.UserId == id).ToListAsync(ct));
        return await mail.Save(user, invitation, token, ct);
    });

    /// <summary>Changes name, role and access. What a user may no longer do it can do nowhere when this returns.</summary>
    public Task<User> Change(string id, ChangeUserRequest request, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var meeting = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        // As it is: else a narrow key would first take an admin's role, then invite itself in its place
        await RequireAdmin(caller, user.Role, lasts: false, ct);
        var widens = request.Role is { IsSent: true, Value: not null } || request.Disabled is { IsSent: true, Value: false };
        await RequireAdmin(caller, request.Role.Or(user.Role), widens, ct);
        if ((request.Role.IsSent && request.Role.Value != user.Role) || request.Disabled is { IsSent: true, Value: true })
            RequireOther(user, caller);

        var now = clock.GetUtcNow();
        if (request.Name is { IsSent: true, Value: { } name }) user.Rename(name.Trim());
        var stands = request.Role.IsSent && user.ChangeRole(request.Role.Value);
        if (request.Disabled.IsSent) stands |= request.Disabled.Value ? user.Disable(now) : user.Enable();
        if (!stands)
        {
            await db.SaveChangesAsync(ct);
            await revocations.Settle(ct);
            return user;
        }

        db.LockByRevision(meeting);
        if (user.DisabledAt is not null) await End(user, now, ct);
        await revocations.Save(Everybody, ct);
        return user;
    });

    /// <summary>Removes a user for good, with its keys, logins, authenticator and passkeys.</summary>
    public Task<string> Remove(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var meeting = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        await RequireAdmin(caller, user.Role, lasts: false, ct);
        RequireOther(user, caller);
        db.LockByRevision(meeting);
        var now = clock.GetUtcNow();
        await End(user, now, ct);
        foreach (var key in await db.ApiKeys.Where(k => k.UserId == id && k.RevokedAt == null).ToListAsync(ct))
            key.Revoke("user_removed", now);
        db.RemoveRange(await db.Invitations.Where(i => i.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.ExternalIdentities.Where(i => i.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.Passkeys.Where(p => p.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.TotpEnrolments.Where(t => t.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.Claims.Where(c => c.UserId == id && c.RedeemedAt == null).ToListAsync(ct));
        user.Leave();
        db.Users.Remove(user);
        await revocations.Save(Everybody, ct);
        return id;
    });

    private async Task<InvitedResponse> InviteNow(InviteUserRequest request, Caller caller, CancellationToken ct)
    {
        var (meeting, own) = (await LockOrganization(caller, ct), caller.OrganizationId);
        await RequireAdmin(caller, request.Role, lasts: true, ct);
        var email = request.Email.ToLowerInvariant();
        if (await db.Users.AnyAsync(u => u.OrganizationId == own && (u.Email == email || u.RefusedEmail == email), ct))
            throw Refuse.Conflict("email_taken", "Your organization has a user with this e-mail address already. Use another address.");

        var now = clock.GetUtcNow();
        await db.TakeInvitation(own, email, now, ct);
        db.LockByRevision(meeting);
        var (id, name) = (Ids.New("usr", now), request.Name.Trim());
        var user = await db.Users.AnyAsync(u => u.Email == email, ct)
            ? User.CreateRefused(id, own, email, name, request.Role, now)
            : User.Create(id, own, email, name, request.Role, now);
        var (token, hash) = OneTimeToken.Draw();
        var invitation = Invitation.Issue(Ids.New("inv", now), user, hash, now);
        db.AddRange(user, invitation);
        return await mail.Save(user, invitation, token, ct);
    }

    private async Task End(User user, DateTimeOffset now, CancellationToken ct)
    {
        (await db.OpenSessions(user.Id, now).ToListAsync(ct)).ForEach(s => s.End(now));
        await db.ForgetBrowsers(user.Id, ct);
    }

    private async Task<User> Load(string id, Caller caller, CancellationToken ct) =>
        await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.OrganizationId == caller.OrganizationId, ct)
            ?? throw Refuse.NotFound("user");

    /// <summary>
    /// An admin, as a person or with an original key; and nobody makes a user who may do more than the credential of this call.
    /// </summary>
    private async Task RequireAdmin(Caller caller, string? role, bool lasts, CancellationToken ct)
    {
        if (caller.Role != Roles.Admin
            || !await db.Users.AnyAsync(u => u.Id == caller.UserId && u.Role == Roles.Admin && u.DisabledAt == null, ct))
            throw Refuse.Forbidden("admin_only", "Only an admin of the organization can do this.");
        await db.RequireOriginalKey(caller, ct);
        (await db.RightsOf(caller, ct)).RequireRole(role, lasts);
    }

    private static void RequireOther(User user, Caller caller)
    {
        if (user.Id == caller.UserId)
            throw Refuse.Forbidden("own_user",
                "Nobody changes the own role, or disables or removes itself. Ask another admin of your organization.");
    }

    /// <summary>
    /// Where two such changes meet. It is read before anything else, so that the second one finds out whether its admin still is one:
    /// somebody is always left.
    /// </summary>
    private Task<Organization> LockOrganization(Caller caller, CancellationToken ct) =>
        db.Organizations.SingleAsync(o => o.Id == caller.OrganizationId, ct);
}
