using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Vault.Credentials;

/// <summary>Credentials without their values.</summary>
[ApiController]
[Route("v1/credentials")]
[Tags("Credentials")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class CredentialsController(VaultDb db, Caller caller, Registry registry, ProviderConfigs configs, TimeProvider clock)
    : ControllerBase
{
    private const int MaxHistory = 100;
    private const string ProviderId = "provider_credential_id";
    private static readonly string[] RotationNotConfigured = [Credential.RotationNotConfigured];

    /// <summary>Lists the credentials of your organization by name. Retired ones are left out unless asked for.</summary>
    /// <remarks>
    /// <c>total</c> counts the credentials that match the filter, and <c>healthy</c>, <c>unknown</c>, <c>expiring</c>, <c>expired</c> and
    /// <c>failed</c> add up to it. With a filter, at most the first 10,000 by name are counted; if there are more, <c>total_capped</c> is
    /// true. Without a filter, a kind of 10,000 means 10,000 or more.
    /// </remarks>
    /// <response code="200">The credentials and the counts.</response>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialList)]
    public async Task<CredentialList> List([FromQuery] CredentialFilter filter, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var matching = filter.Match(db.Credentials.AsNoTracking().OwnedBy(caller), now);
        var size = filter.Limit ?? CredentialFilter.DefaultLimit;
        var found = await filter.Sort(filter.AfterCursor(matching)).Skip(filter.Offset ?? 0).Take(size + 1).ToListAsync(ct);
        var more = found.Count > size;
        if (more) found.RemoveAt(size);
        var counts = filter.IsEmpty
            ? await CredentialCounts.Of(db, caller.OrganizationId, now, ct)
            : await CredentialCounts.Of(filter.Sort(matching), now, ct);
        var used = await CredentialUsage.LastUses(db, found.ConvertAll(c => c.Id), ct);
        return new CredentialList(
            found.ConvertAll(c => CredentialItem.From(c, used.TryGetValue(c.Id, out var at) ? at : null, now)),
            counts.Total, counts.IsCapped, counts.Healthy, counts.Unknown, counts.Expiring, counts.Expired, counts.Failed,
            more ? PageQuery.Encode(found[^1].Name) : null);
    }

    /// <summary>Shows a credential with everything but its value.</summary>
    /// <response code="200">The credential, with its ETag.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{name}")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<CredentialDetails> Get(string name, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        var (usage, lastUsedAt) = await CredentialUsage.Of(db, credential.Id, now, ct);
        var history = await db.Versions.AsNoTracking().Where(v => v.CredentialId == credential.Id)
            .OrderByDescending(v => v.Version).Take(MaxHistory)
            .Select(v => new VersionItem(v.Version, v.CreatedAt, v.Reason, v.Note)).ToListAsync(ct);
        Response.SetETag(credential);
        return CredentialDetails.From(credential, lastUsedAt, usage, history, now);
    }

    /// <summary>Registers a credential.</summary>
    /// <remarks>
    /// The value is sealed before it is stored and returned by <c>GET …/value</c> only. <c>provider_config</c> and
    /// <c>provider_credential_id</c> also need <c>secret:read</c> (narrowed to the name is enough), because they decide where values are
    /// sent.
    /// </remarks>
    /// <response code="201">The credential, active.</response>
    /// <response code="400">validation_failed, credential_exists</response>
    /// <response code="403">missing_scope</response>
    [HttpPost]
    [RequireScope(Scopes.CredentialCreate)]
    [Idempotent(StatusCodes.Status201Created, nameof(Created))]
    [ProducesResponseType<CreatedCredential>(StatusCodes.Status201Created)]
    public async Task<ActionResult<CreatedCredential>> Create(CreateCredentialRequest request, CancellationToken ct)
    {
        if (request.ProviderConfig is { Count: > 0 }) caller.RequireMaySend(request.Name, ProviderConfigs.Member);
        if (request.ProviderCredentialId is not null) caller.RequireMaySend(request.Name, ProviderId);
        var credential = await registry.Register(caller.OrganizationId, request, ct);
        Response.SetETag(credential);
        return Created($"/v1/credentials/{Uri.EscapeDataString(credential.Name)}", Shape(credential));
    }

    /// <summary>Changes the members that are sent.</summary>
    /// <remarks>
    /// <c>provider_config</c> and <c>provider_credential_id</c> also need <c>secret:read</c> (narrowed to the name is enough), because they
    /// decide where the value is sent. When one of them changes, send again the sealed members that should stay.
    /// </remarks>
    /// <response code="200">What changed, with the new ETag.</response>
    /// <response code="400">validation_failed, secret_required</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_retired, concurrent_change; credential_rotating for provider_config and
    /// provider_credential_id</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPatch("{name}")]
    [RequireScope(Scopes.CredentialCreate)]
    [ShownBy(nameof(ProviderConfig))]
    public async Task<UpdatedCredential> Update(string name, UpdateCredentialRequest request, CancellationToken ct)
    {
        if (request.ProviderConfig.IsSent) caller.RequireMaySend(name, ProviderConfigs.Member);
        if (request.ProviderCredentialId.IsSent) caller.RequireMaySend(name, ProviderId);
        var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
        Request.RequireMatch(credential);
        var changed = await registry.Update(credential, request, ct);
        await db.SaveChangesAsync(ct);
        Response.SetETag(credential);
        return new UpdatedCredential(credential.Id, credential.Name, credential.StatusAt(clock.GetUtcNow()), credential.UpdatedAt, changed,
            credential.IsBarred ? RotationNotConfigured : null,
            configs.WhyNotRotate(credential.Provider, credential.Config, credential.RotationCron, credential.IsBarred));
    }

    /// <summary>
    /// Retires a credential: its value is no longer returned or rotated. Its name cannot be used again, and a leaked value is still
    /// recognized.
    /// </summary>
    /// <response code="200">It is retired, now or before.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_rotating</response>
    [HttpDelete("{name}")]
    [RequireScope(Scopes.CredentialDelete)]
    public async Task<RetiredCredential> Retire(string name, CancellationToken ct)
    {
        var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
        Request.RequireMatch(credential);
        if (!credential.IsRetired) await registry.Retire(credential, ct);
        return new RetiredCredential(CredentialStatus.Retired, credential.Name, credential.RetiredAt!.Value);
    }

    /// <summary>Shows the <c>provider_config</c> of the credential without its secret members.</summary>
    /// <response code="200">The configuration.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{name}/provider-config")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<ProviderConfigResponse> ProviderConfig(string name, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        Response.SetETag(credential);
        return new ProviderConfigResponse(credential.Provider, ProviderConfigs.Open(credential), configs.SecretMembers(credential));
    }

    /// <summary>The answer to a repeated registration.</summary>
    [NonAction]
    public async Task<CreatedCredential> Created(string id, CancellationToken ct) =>
        Shape(await db.Credentials.AsNoTracking().OwnedBy(caller).FirstAsync(c => c.Id == id, ct));

    private CreatedCredential Shape(Credential credential) =>
        new(
            credential.Id, credential.Name, credential.StatusAt(clock.GetUtcNow()), credential.CreatedAt, Encrypted: true,
            credential.CannotRotate ? RotationNotConfigured : null,
            configs.WhyNotRotate(credential.Provider, credential.Config, credential.RotationCron, credential.CannotRotate));
}
