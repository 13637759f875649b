using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Copying;

/// <summary>Copies of credentials in n8n that are kept up to date.</summary>
[ApiController]
[Route("v1/credentials/{name}/n8n-copy")]
[Tags("n8n")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class CopyController(VaultDb db, Caller caller, CredentialSeal seal, TimeProvider clock) : ControllerBase
{
    private static readonly ConfigIntake Intake = new(N8nProvider.CopyShape, "config");

    /// <summary>Shows the state of the n8n copy.</summary>
    /// <response code="200">What was sent, and when the next attempt is due.</response>
    /// <response code="404">not_found</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<KeptCopyResponse> Get(string name, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        return Answer(await Find(credential, ct) ?? throw NotKept(), credential);
    }

    /// <summary>Sends the value to n8n now and after each change: a rotation, a rollback, or a value set by hand.</summary>
    /// <remarks>
    /// The copy is the n8n credential with this <c>provider_credential_id</c>. If n8n does not accept the value, it is sent again, after a
    /// longer delay each time. The call also needs <c>secret:read</c> (narrowed to the name is enough), because it decides where the value
    /// is sent. The other members and all of <c>extra</c> are replaced. If <c>extra</c> is left out, it stays, unless other members change:
    /// then it must be sent again.
    /// </remarks>
    /// <response code="200">The copy is kept; <c>sent_version</c> shows when n8n has the value.</response>
    /// <response code="400">validation_failed, secret_required, if_match_invalid</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_retired, provider_credential_id_missing, concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPut]
    [RequireScope(Scopes.CredentialGrant)]
    public async Task<KeptCopyResponse> Keep(string name, KeepCopyRequest request, CancellationToken ct)
    {
        caller.RequireMaySend(name, "a copy");
        return await Decide(async () =>
        {
            var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
            var copy = await Find(credential, ct);
            Request.RequireMatch(copy, "No copy is kept yet. Leave out If-Match to start one.");
            return await Take(credential, copy, Intake.Replace(copy is null ? null : Stored(copy), request.Config), ct);
        });
    }

    /// <summary>
    /// Changes which members of the n8n credential get the value (RFC 7396); <c>null</c> removes a member, also inside <c>extra</c>.
    /// </summary>
    /// <remarks>It needs the same scopes as <c>PUT</c> and asks for the sealed members again in the same cases.</remarks>
    /// <response code="200">The copy is kept, and the value is sent again.</response>
    /// <response code="400">validation_failed, secret_required, if_match_invalid</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_retired, provider_credential_id_missing, concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPatch]
    [RequireScope(Scopes.CredentialGrant)]
    public async Task<KeptCopyResponse> Change(string name, ChangeCopyRequest request, CancellationToken ct)
    {
        caller.RequireMaySend(name, "a copy");
        return await Decide(async () =>
        {
            var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
            var copy = await Find(credential, ct) ?? throw NotKept();
            Request.RequireMatch(copy);
            return await Take(credential, copy, Intake.Merge(Stored(copy), request.Config), ct);
        });
    }

    /// <summary>Stops updating the n8n copy. n8n keeps the last value.</summary>
    /// <response code="204">It is no longer kept.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    [HttpDelete]
    [RequireScope(Scopes.CredentialGrant)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public Task<IActionResult> Leave(string name, CancellationToken ct) => Decide<IActionResult>(async () =>
    {
        var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
        var copy = await Find(credential, ct) ?? throw NotKept();
        Request.RequireMatch(copy);
        copy.End(credential);
        credential.KeepCopy(false);
        db.KeptCopies.Remove(copy);
        await db.SaveChangesAsync(ct);
        return NoContent();
    });

    /// <summary>Retries when the sender changed the same row in between, which is no reason to refuse the call.</summary>
    private Task<T> Decide<T>(Func<Task<T>> decide) => db.RetryOnConflict(decide, alsoWhenTaken: true);

    private async Task<KeptCopyResponse> Take(Credential credential, KeptCopy? copy, StoredConfig config, CancellationToken ct)
    {
        credential.RequireInUse();
        if (credential.ProviderCredentialId is null)
            throw Refuse.Conflict("provider_credential_id_missing",
                "The credential has no provider_credential_id. Set it to the credential's id in n8n.");

        var now = clock.GetUtcNow();
        if (copy is null) db.KeptCopies.Add(copy = KeptCopy.Begin(Ids.New("kept", now), credential.OrganizationId, credential.Id));
        copy.Take(credential, config.Open.ToJsonString(), seal.SealConfig(copy.Id, config.Secret), now);
        credential.KeepCopy(true);
        await db.SaveChangesAsync(ct);
        return Answer(copy, credential);
    }

    private StoredConfig Stored(KeptCopy copy) => new(JsonNode.Parse(copy.Config)!.AsObject(), seal.OpenConfig(copy.Id, copy.SealedConfig));

    private Task<KeptCopy?> Find(Credential credential, CancellationToken ct) =>
        db.KeptCopies.FirstOrDefaultAsync(c => c.CredentialId == credential.Id, ct);

    private KeptCopyResponse Answer(KeptCopy copy, Credential credential)
    {
        Response.SetETag(copy);
        var config = Stored(copy);
        return new KeptCopyResponse(
            credential.Name, config.Open, N8nProvider.CopyShape.SecretPaths(config.Secret).Order(StringComparer.Ordinal).ToList(),
            credential.CurrentVersion, copy.SentVersion, copy.SentAt, copy.DueAt, copy.ErrorCode,
            copy.ErrorMessage, copy.FilledMembers?.Split(' ') ?? []);
    }

    private static RefusedException NotKept() => Refuse.NotFound("copy in n8n");
}
