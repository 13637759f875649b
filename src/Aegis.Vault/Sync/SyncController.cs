using Aegis.Kernel.Web.Lists;

namespace Aegis.Vault.Sync;

/// <summary>Compares the vault with the organization's n8n.</summary>
[ApiController]
[Route("v1/sync/n8n")]
[Tags("n8n")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class SyncController(VaultDb db, Caller caller, ConnectionStore connections, Syncer syncer, LeakScan scan) : ControllerBase
{
    /// <summary>
    /// Imports credentials that n8n has and the vault does not, and records what changed in n8n. Nothing is deleted or retired.
    /// </summary>
    /// <remarks>Credentials are matched by n8n's id. New ones have no value, because n8n does not return values.</remarks>
    /// <response code="200">What was done or, with <c>dryRun=true</c>, what would be done.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="409">connection_missing, n8n_version_unsupported, n8n_access_refused, concurrent_change</response>
    /// <response code="502">n8n_unreachable, n8n_answer_unexpected</response>
    [HttpPost]
    [RequireScope(Scopes.CredentialCreate)]
    public async Task<SyncResponse> Sync([FromQuery] SyncQuery query, CancellationToken ct)
    {
        var access = await Access(ct);
        return await N8nRefusals.Of(() => syncer.Sync(access, query.DryRun is true, ct));
    }

    /// <summary>Lists which credential of n8n belongs to which credential of the vault, as of the last comparison; newest first.</summary>
    /// <response code="200">One page.</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<Page<CopyItem>> Copies([FromQuery] PageQuery page, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var found = await db.N8nCopies.Where(c => c.OrganizationId == own).ToPage(page, c => c, ct);
        var ids = found.Items.Select(c => c.CredentialId).ToList();
        var names = await db.Credentials.Where(c => c.OrganizationId == own && ids.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.Name, ct);
        return new Page<CopyItem>(
            found.Items.Select(c => new CopyItem(names[c.CredentialId], c.ProviderCredentialId, c.Name, c.Type, c.MissingSince)).ToList(),
            found.NextCursor);
    }

    /// <summary>Searches n8n's workflows for plaintext values of the vault. Keyed digests are compared; no value is opened.</summary>
    /// <remarks>
    /// Each text is searched as a whole and in parts: between spaces, quotes and the separators of URLs. Values shorter than 8 characters
    /// are not searched. A scan that takes longer than one call continues with <c>cursor</c>.
    /// </remarks>
    /// <response code="200">Where each version was found; never the value.</response>
    /// <response code="400">validation_failed (cursor)</response>
    /// <response code="409">connection_missing, n8n_version_unsupported, n8n_access_refused</response>
    /// <response code="502">n8n_unreachable, n8n_answer_unexpected</response>
    [HttpPost("scan")]
    [RequireScope(Scopes.SecretList)]
    public async Task<ScanResponse> Scan([FromQuery] ScanQuery query, CancellationToken ct)
    {
        var access = await Access(ct);
        return await N8nRefusals.Of(() => scan.Run(access, query.Cursor, ct));
    }

    private async Task<N8nAccess> Access(CancellationToken ct) =>
        N8nAccess.From(caller.OrganizationId, await connections.Require(caller.OrganizationId, N8nAccess.Kind, ct));
}
