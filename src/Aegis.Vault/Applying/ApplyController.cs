using Aegis.Kernel.Web.Http;

namespace Aegis.Vault.Applying;

/// <summary>Puts credentials to use in workflows.</summary>
[ApiController]
[Route("v1/credentials/{name}/apply")]
[Tags("n8n")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ApplyController(VaultDb db, Caller caller, ConnectionStore connections, Applier applier, TimeProvider clock)
    : ControllerBase
{
    /// <summary>Lets a node of an n8n workflow use the credential. Repeating it does no harm.</summary>
    /// <remarks>
    /// n8n takes ids that do not exist and types that a node cannot use, so both are checked here first; what n8n stored is read back, and
    /// the former workflow is put back when it is not what was meant. A workflow that is active is published anew by n8n.
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
                "provider_credential_id_missing", "Set provider_credential_id to the id of the credential in n8n first.");
        var access = N8nAccess.From(caller.OrganizationId, await connections.Require(caller.OrganizationId, N8nAccess.Kind, ct));
        await N8nRefusals.Of(() => applier.Apply(access, id, request.WorkflowId, request.NodeName, ct));

        credential.NoteApplied(request.WorkflowId, request.NodeName, request.RequestedBy);
        await db.SaveChangesAsync(CancellationToken.None); // it has happened, whether or not the caller still listens
        return new ApplyResponse("applied", credential.Name, request.WorkflowId, request.NodeName, clock.GetUtcNow());
    }
}
