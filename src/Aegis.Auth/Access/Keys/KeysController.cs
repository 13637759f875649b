using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.Access.Keys;

/// <summary>The API keys of the caller's user; for an admin, those of the organization.</summary>
[ApiController]
[Route("v1/auth/keys")]
[Tags("Identity")]
internal sealed class KeysController(AuthDb db, Caller caller, KeyChanges changes, TimeProvider clock) : ControllerBase
{
    /// <summary>Creates an API key. The response shows it once; it cannot be read again.</summary>
    /// <remarks>
    /// A key created with another key is its child. It never has more scopes, more partners or a later expiry than the key or token that
    /// creates it, and it is revoked with it. If the parent expires before the requested expiry, the child expires with it, and
    /// <c>warnings</c> contains <c>expiry_cut_to_parent</c>.
    /// </remarks>
    /// <response code="201">The key, shown this one time.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">scope_exceeds_creator, partner_exceeds_creator, expiry_needs_admin, expiry_exceeds_parent,
    /// missing_scope</response>
    /// <response code="409">key_chain_too_long, too_many_keys, secret_already_shown</response>
    [HttpPost]
    [RequireScope(Scopes.KeyCreate)]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<NewKeyResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<NewKeyResponse>> Create(CreateKeyRequest request, CancellationToken ct) =>
        Shown(await changes.Create(request, caller, ct));

    /// <summary>Lists keys, newest first, with their last use.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="status"><c>active</c>, <c>expired</c>, <c>revoked</c>; all if it is not sent.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    [HttpGet]
    [RequireScope(Scopes.KeyList)]
    public Task<Page<KeyResponse>> List([FromQuery] PageQuery page, [FromQuery] KeyStatus? status, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.ApiKeys.VisibleTo(caller).WithStatus(status, now).ToPage(page, key => KeyResponse.From(key, now), ct);
    }

    /// <summary>Returns one key, without its text.</summary>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.KeyRead)]
    public async Task<KeyResponse> Get(string id, CancellationToken ct) =>
        await db.ApiKeys.AsNoTracking().VisibleTo(caller).SingleOrDefaultAsync(k => k.Id == id, ct) is { } key
            ? KeyResponse.From(key, clock.GetUtcNow())
            : throw Refuse.NotFound("key");

    /// <summary>Revokes a key permanently, with its child keys, their tokens, sessions, downloads and content addresses.</summary>
    /// <remarks>
    /// No host accepts the key in a request that starts after the response. Repeating the call changes nothing.
    /// </remarks>
    /// <response code="200">The revoked key.</response>
    /// <response code="404">not_found</response>
    [HttpDelete("{id}")]
    [RequireScope(Scopes.KeyRevoke)]
    public async Task<KeyResponse> Revoke(string id, CancellationToken ct) =>
        KeyResponse.From(await changes.Revoke(id, caller, ct), clock.GetUtcNow());

    /// <summary>Replaces a key with a new one; the old key works until the overlap ends.</summary>
    /// <remarks>
    /// Call with the key itself or with a key above it, and not with a token that has fewer rights than the key. The new key takes over
    /// name, scopes, partners, expiry and children. After a leak revoke or report the key instead: its children may belong to the attacker.
    /// </remarks>
    /// <response code="201">The new key, shown this one time.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">key_not_below, scope_exceeds_creator, expiry_exceeds_parent, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">key_not_active, secret_already_shown</response>
    [HttpPost("{id}/rotate")]
    [RequireScope(Scopes.KeyCreate)]
    [RequireScope(Scopes.KeyRevoke)]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<NewKeyResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<NewKeyResponse>> Rotate(string id, RotateKeyRequest request, CancellationToken ct) =>
        Shown(await changes.Rotate(id, RotateKeyValidator.Overlaps[request.Overlap], caller, ct));

    private CreatedAtActionResult Shown(NewKeyResponse key)
    {
        Response.Headers.CacheControl = "no-store";
        return CreatedAtAction(nameof(Get), new { id = key.Id }, key);
    }
}
