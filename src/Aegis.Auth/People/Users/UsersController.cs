using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.People.Users;

/// <summary>The users of the caller's organization.</summary>
[ApiController]
[Route("v1/users")]
[Tags("Identity")]
internal sealed class UsersController(AuthDb db, Caller caller, UserChanges changes, TimeProvider clock) : ControllerBase
{
    /// <summary>Lists users, newest first.</summary>
    [HttpGet]
    [RequireScope(Scopes.OrgRead)]
    public Task<Page<UserResponse>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Users.Where(u => u.OrganizationId == caller.OrganizationId).ToPage(page, user => UserResponse.From(user, now), ct);
    }

    /// <summary>Gets one user.</summary>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.OrgRead)]
    public async Task<UserResponse> Get(string id, CancellationToken ct) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id && u.OrganizationId == caller.OrganizationId, ct) is { } user
            ? UserResponse.From(user, clock.GetUtcNow())
            : throw Refuse.NotFound("user");

    /// <summary>Invites a person: adds the user and returns once the link for choosing a password. For admins.</summary>
    /// <remarks>
    /// The answer is the same for an address that has an account in another organization; its owner is then told by mail that the
    /// invitation was refused. If this installation sends mail, only the mail message contains the link. An organization may send 50
    /// invitations a day, and 3 to one address.
    /// </remarks>
    /// <response code="201">The user, with the link, which works for 72 hours.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">admin_only, key_not_original, scope_exceeds_creator, missing_scope</response>
    /// <response code="409">email_taken: by a user of this organization; secret_already_shown</response>
    /// <response code="429">invitations_exceeded</response>
    [HttpPost]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<InvitedResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<InvitedResponse>> Invite(InviteUserRequest request, CancellationToken ct)
    {
        var invited = await changes.Invite(request, caller, ct);
        Response.Headers.CacheControl = "no-store";
        return CreatedAtAction(nameof(Get), new { id = invited.Id }, invited);
    }

    /// <summary>Changes name, role or access of a user. For admins, who cannot change their own role or access.</summary>
    /// <remarks>
    /// When the call has answered, the user's keys and logins allow at most what the new role allows, on every host. Those of a disabled
    /// user allow nothing.
    /// </remarks>
    /// <response code="400">validation_failed</response>
    /// <response code="403">admin_only, own_user, key_not_original, scope_exceeds_creator, missing_scope</response>
    /// <response code="404">not_found</response>
    [HttpPatch("{id}")]
    [RequireScope(Scopes.OrgWrite)]
    public async Task<UserResponse> Change(string id, ChangeUserRequest request, CancellationToken ct) =>
        UserResponse.From(await changes.Change(id, request, caller, ct), clock.GetUtcNow());

    /// <summary>
    /// Removes a user for good: revokes the user's keys, ends the logins, and deletes password, authenticator and passkeys. For admins.
    /// </summary>
    /// <response code="204">The user is removed.</response>
    /// <response code="403">admin_only, own_user, key_not_original, scope_exceeds_creator, missing_scope</response>
    /// <response code="404">not_found</response>
    [HttpDelete("{id}")]
    [RequireScope(Scopes.OrgWrite)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Remove(string id, CancellationToken ct)
    {
        await changes.Remove(id, caller, ct);
        return NoContent();
    }

    /// <summary>Sends a user a new invitation, for when the first one has expired or the password is lost. For admins.</summary>
    /// <remarks>
    /// When the user accepts it, the new password replaces the old one and the user's logins end. The authenticator stays.
    /// </remarks>
    /// <response code="200">The new link, which works for 72 hours. It is shown only this time.</response>
    /// <response code="403">admin_only, key_not_original, scope_exceeds_creator, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">user_is_disabled, secret_already_shown</response>
    /// <response code="429">invitations_exceeded</response>
    [HttpPost("{id}/invitation")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, answer: null)]
    public async Task<InvitedResponse> InviteAgain(string id, CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        return await changes.InviteAgain(id, caller, ct);
    }
}
