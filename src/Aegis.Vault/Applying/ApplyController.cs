using Aegis.Kernel.Web.Http;

namespace Aegis.Vault.Applying;

/// <summary>Sets credentials in n8n workflows.</summary>
[ApiController]
[Route("v1/credentials/{name}/apply")]
[Tags("n8n")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ApplyController(VaultDb db, Caller caller, ConnectionStore connections, Applier applier, TimeProvider clock)
    : ControllerBase
{
    /// <summary>Makes a node of an n8n workflow use the credential. Repeating the call does no harm.</summary>
    /// <remarks>
    /// n8n accepts ids that do not exist and types that a node cannot use, so Aegis checks both first. It reads back what n8n stored, and
    /// restores the former workflow when that is not what was sent. n8n publishes an active workflow again.
    /// </remarks>
    /// <response code="200">The node uses the credential.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found, workflow_not_found, node_not_found</response>
    /// <response code="409">credential_retired, provider_credential_id_missing, connection_missing, credential_not_in_n8n,
    /// credential_type_mismatch, node_ambiguous, workflow_changed, workflow_unpublished, workflow_not_writable, apply_not_taken,
    /// n8n_version_unsupported, n8n_access_refused</response>
    /// <response code="502">n8n_unreachable, n8n_answer_unexpected</response>
    [HttpPost]
    [RequireScope(Scopes.CredentialGrant)]
    public async Task<ApplyResponse> Apply(string name, ApplyRequest request, CancellationToken ct)
    {
        var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
        credential.RequireInUse();
        var id = credential.ProviderCredentialId
            ?? throw Refuse.Conflict(
                "provider_credential_id_missing", "The credential has no provider_credential_id. Set it to the credential's id in n8n.");
        var access = N8nAccess.From(caller.OrganizationId, await connections.Require(caller.OrganizationId, N8nAccess.Kind, ct));
        await N8nRefusals.Of(() => applier.Apply(access, id, request.WorkflowId, request.NodeName, ct));

        credential.NoteApplied(request.WorkflowId, request.NodeName, request.RequestedBy);
        await db.SaveChangesAsync(CancellationToken.None); // n8n is changed, even if the caller has gone
        return new ApplyResponse("applied", credential.Name, request.WorkflowId, request.NodeName, clock.GetUtcNow());
    }
}
