namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>
/// Removes the authenticator of a user who lost it, and ends the sessions that were stepped up with it. A step-up and a reset at the same
/// time both change the row of the authenticator, so only one of them can be saved.
/// </summary>
internal sealed class ResetTotp(AuthDb db, Revocations revocations, TimeProvider clock)
{
    public async Task Of(string userId, Caller caller, CancellationToken ct)
    {
        var users = caller.IsPlatformAdmin ? db.Users : db.Users.Where(u => u.OrganizationId == caller.OrganizationId);
        if (await users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, ct) is not { } user) throw Refuse.NotFound("user");
        if (caller.Role != Roles.Admin)
            throw Refuse.Forbidden("admin_only", "Only an admin of the user's organization, or of the platform, can do this.");
        if (userId == caller.UserId)
            throw Refuse.Forbidden("totp_own_reset",
                "You cannot reset your own authenticator. Replace it with one of its codes, or ask another admin or the platform's admin.");
        await db.RequireOriginalKey(caller, ct);
        var rights = await db.RightsOf(caller, ct);
        rights.RequireRole(user.Role, lasts: false); // needed too, because a key that a person made for a pipeline is also an original key
        rights.RequireWhole(caller);

        await db.RetryOnConflict(() => TryReset(userId, caller, ct));
    }

    private async Task TryReset(string userId, Caller caller, CancellationToken ct)
    {
        if (await db.TotpEnrolments.SingleOrDefaultAsync(t => t.UserId == userId, ct) is not { } enrolment)
        {
            await revocations.Settle(ct);
            return;
        }

        // A code steps up one session and there is one code in 30 seconds, so these are few.
        var now = clock.GetUtcNow();
        var steppedUp = await db.Sessions.Where(s => s.UserId == userId && s.SteppedUpAt != null && s.EndedAt == null && s.ExpiresAt > now)
            .ToListAsync(ct);
        foreach (var session in steppedUp) session.End(now);
        enrolment.Reset(steppedUp.Count, caller.OrganizationId);
        db.TotpEnrolments.Remove(enrolment);
        await revocations.Save(steppedUp.ConvertAll(s => s.Id), ct);
    }
}

/// <summary>The authenticators of other users.</summary>
[ApiController]
[Route("v1/auth/users/{id}/totp")]
[Tags("Identity")]
internal sealed class TotpResetController(ResetTotp reset, Caller caller) : ControllerBase
{
    /// <summary>
    /// Removes the authenticator of a user who lost it. For an admin of the user's organization or of the platform, with an original key.
    /// </summary>
    /// <remarks>
    /// Sessions that were stepped up with it end at once, on every host. The user can then enrol a new one. Repeating the call changes
    /// nothing.
    /// </remarks>
    /// <response code="204">The user has no authenticator.</response>
    /// <response code="403">admin_only, totp_own_reset, key_not_original, scope_exceeds_creator, login_narrowed, token_narrowed,
    /// missing_scope</response>
    /// <response code="404">not_found</response>
    [HttpDelete]
    [RequireScope(Scopes.OrgWrite)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Reset(string id, CancellationToken ct)
    {
        await reset.Of(id, caller, ct);
        return NoContent();
    }
}
