namespace Aegis.Auth.People.Users;

/// <summary>
/// What admins do with the users of their organization: invite, change and remove. <see cref="UsersController"/> calls it.
/// <see cref="InvitationMail"/> saves an invitation with its mail message. <see cref="User"/> is the entity; <see cref="UserStore"/> adapts
/// it to ASP.NET Core Identity. <see cref="Passwords"/> sets passwords by <see cref="PasswordRules"/>. Each change of a role locks the row
/// of the organization, so that two admins cannot remove each other's role at the same time. It makes all hosts forget everything that
/// they cached, because a key that is being made at this moment is on no list of ids. A change that collides with another one is retried
/// from the start.
/// </summary>
internal sealed class UserChanges(AuthDb db, Revocations revocations, InvitationMail mail, TimeProvider clock)
{
    private static readonly string[] Everybody = [StateChange.Everybody];

    /// <summary>
    /// Adds a user with an invitation. Its link is in the answer or in the mail message, and is not stored. The answer is the same when a
    /// user of another organization already has the e-mail address. In that case the message tells its owner, and the new user cannot sign
    /// in.
    /// </summary>
    public async Task<InvitedResponse> Invite(InviteUserRequest request, Caller caller, CancellationToken ct)
    {
        try
        {
            return await db.RetryOnConflict(() => InviteNow(request, caller, ct));
        }
        catch (DbUpdateException taken) when (taken.IsUniqueViolation())
        {
            db.ChangeTracker.Clear(); // another organization used the address at the same time; or this is a repeat, which fails again
            return await db.RetryOnConflict(() => InviteNow(request, caller, ct));
        }
    }

    /// <summary>
    /// Gives a user a new invitation. Earlier ones no longer work. The current password works until the new invitation is used.
    /// </summary>
    public Task<InvitedResponse> InviteAgain(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var organization = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        await RequireAdmin(caller, user.Role, lasts: true, ct);
        if (user.DisabledAt is not null) throw Refuse.Conflict("user_is_disabled", "This user is disabled. Enable the user first.");

        var now = clock.GetUtcNow();
        await db.TakeInvitation(caller.OrganizationId, user.Address, now, ct);
        db.LockByRevision(organization);
        if (user.RefusedEmail is not null && !await db.Users.AnyAsync(u => u.Email == user.RefusedEmail, ct)) user.TakeRefusedEmail();
        var (token, hash) = OneTimeToken.Draw();
        var invitation = await db.Invitations.SingleOrDefaultAsync(i => i.UserId == id, ct);
        if (invitation is null) db.Invitations.Add(invitation = Invitation.Issue(Ids.New("inv", now), user, hash, now));
        else invitation.Renew(hash, now);
        // The person may have another account at the provider now. Without the link the next sign-in matches by e-mail address again.
        db.RemoveRange(await db.ExternalIdentities.Where(i => i.UserId == id).ToListAsync(ct));
        return await mail.Save(user, invitation, token, ct);
    });

    /// <summary>Changes name, role and access. When it returns, no host allows what the user may no longer do.</summary>
    public Task<User> Change(string id, ChangeUserRequest request, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var organization = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        // Checks the present role too. Otherwise a narrow key could remove an admin's role first, and then get an invitation for that user.
        await RequireAdmin(caller, user.Role, lasts: false, ct);
        var widens = request.Role is { IsSent: true, Value: not null } || request.Disabled is { IsSent: true, Value: false };
        await RequireAdmin(caller, request.Role.Or(user.Role), widens, ct);
        if ((request.Role.IsSent && request.Role.Value != user.Role) || request.Disabled is { IsSent: true, Value: true })
            RequireOther(user, caller);

        var now = clock.GetUtcNow();
        if (request.Name is { IsSent: true, Value: { } name }) user.Rename(name.Trim());
        var changesAccess = request.Role.IsSent && user.ChangeRole(request.Role.Value);
        if (request.Disabled.IsSent) changesAccess |= request.Disabled.Value ? user.Disable(now) : user.Enable();
        if (!changesAccess)
        {
            await db.SaveChangesAsync(ct);
            await revocations.Settle(ct);
            return user;
        }

        db.LockByRevision(organization);
        if (user.DisabledAt is not null) await End(user, now, ct);
        await revocations.Save(Everybody, ct);
        return user;
    });

    /// <summary>Removes a user for good, with its keys, logins, authenticator and passkeys.</summary>
    public Task<string> Remove(string id, Caller caller, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var organization = await LockOrganization(caller, ct);
        var user = await Load(id, caller, ct);
        await RequireAdmin(caller, user.Role, lasts: false, ct);
        RequireOther(user, caller);
        db.LockByRevision(organization);
        var now = clock.GetUtcNow();
        await End(user, now, ct);
        foreach (var key in await db.ApiKeys.Where(k => k.UserId == id && k.RevokedAt == null).ToListAsync(ct))
            key.Revoke("user_removed", now);
        db.RemoveRange(await db.Invitations.Where(i => i.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.ExternalIdentities.Where(i => i.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.Passkeys.Where(p => p.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.TotpEnrolments.Where(t => t.UserId == id).ToListAsync(ct));
        db.RemoveRange(await db.Claims.Where(c => c.UserId == id && c.RedeemedAt == null).ToListAsync(ct));
        user.RaiseRemoved();
        db.Users.Remove(user);
        await revocations.Save(Everybody, ct);
        return id;
    });

    private async Task<InvitedResponse> InviteNow(InviteUserRequest request, Caller caller, CancellationToken ct)
    {
        var (organization, own) = (await LockOrganization(caller, ct), caller.OrganizationId);
        await RequireAdmin(caller, request.Role, lasts: true, ct);
        var email = request.Email.ToLowerInvariant();
        if (await db.Users.AnyAsync(u => u.OrganizationId == own && (u.Email == email || u.RefusedEmail == email), ct))
            throw Refuse.Conflict("email_taken", "Your organization already has a user with this e-mail address. Use another address.");

        var now = clock.GetUtcNow();
        await db.TakeInvitation(own, email, now, ct);
        db.LockByRevision(organization);
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
    /// Requires an admin, either as a person or with an original key. The credential of the call must allow everything that the user with
    /// this role may do, so that it cannot make a more powerful user.
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
                "You cannot change your own role, or disable or remove yourself. Ask another admin of your organization.");
    }

    /// <summary>
    /// Reads the organization's row, whose revision the save checks. It is read before anything else, so that the second of two
    /// simultaneous changes fails and is retried, and then checks again whether its caller is still an admin. So an organization always has
    /// an admin.
    /// </summary>
    private Task<Organization> LockOrganization(Caller caller, CancellationToken ct) =>
        db.Organizations.SingleAsync(o => o.Id == caller.OrganizationId, ct);
}
