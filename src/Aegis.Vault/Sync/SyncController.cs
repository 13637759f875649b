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
    /// Takes in what n8n has and the vault has not, and notes what has changed there. Nothing is ever deleted or retired.
    /// </summary>
    /// <remarks>Credentials are told apart by n8n's id. New ones have no value: n8n gives none away.</remarks>
    /// <response code="200">What was done, or with <c>dryRun=true</c> would be.</response>
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

    /// <summary>Lists which of n8n's credentials belong to which of the vault's, as they were compared last; the newest first.</summary>
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

    /// <summary>
    /// Looks for values of the vault that stand in n8n's workflows in clear. Keyed digests are compared; nothing is opened.
    /// </summary>
    /// <remarks>
    /// Texts are looked at whole and in parts, as between blanks, quotes and the signs of an address. Values of fewer than 8 characters are
    /// not looked for. What takes longer than one call is gone on with by <c>cursor</c>.
    /// </remarks>
    /// <response code="200">Where which version stands; never the value.</response>
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
