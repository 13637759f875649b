namespace Aegis.Vault.Applying;

/// <summary>
/// Changes one node of a workflow: reads, checks, edits, replaces, reads back, and restores what n8n stored otherwise. n8n has no
/// conditional replace, so the workflow is read again just before; what someone saves in the moment between is the one thing that can be
/// lost.
/// </summary>
internal sealed class Applier(N8nClient n8n, WorkflowTurns turns)
{
    /// <param name="access">Whose n8n.</param>
    /// <param name="credentialId">n8n's id of the credential.</param>
    /// <param name="workflowId">n8n's id of the workflow.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="ct">Stops, as long as nothing was changed.</param>
    /// <returns>False when the node used the credential before.</returns>
    public Task<bool> Apply(N8nAccess access, string credentialId, string workflowId, string node, CancellationToken ct) =>
        turns.Take(access.OrganizationId, workflowId, () => Change(access, credentialId, workflowId, node, ct), ct);

    private async Task<bool> Change(N8nAccess access, string credentialId, string workflowId, string node, CancellationToken ct)
    {
        var credential = await n8n.Credential(access, credentialId, ct)
            ?? throw Refuse.Conflict("credential_not_in_n8n",
                "Check provider_credential_id: n8n has no such credential, or does not show it to the key of the connection.");
        var read = await Read(access, workflowId, ct);
        var wanted = WorkflowNode.With(read, node, credential);
        if (Workflow.Same(read, wanted)) return false;

        Workflow.RequirePublished(read);
        if (!Workflow.SameVersion(read, await Read(access, workflowId, ct))) throw Changed();
        var (stored, doubt) = await Replace(access, workflowId, wanted, ct);

        // From here on the workflow may be changed: no cancellation leaves it unseen.
        var after = await Read(access, workflowId, CancellationToken.None);
        if (Workflow.Same(after, wanted)) return true;
        if (doubt is not null && Workflow.SameVersion(after, read)) throw doubt;
        if (stored is null || Workflow.Same(stored, wanted) || !Workflow.SameVersion(stored, after)) throw Changed();
        throw Refuse.Conflict("apply_not_taken",
            "The node does not use the credential: n8n stored the workflow otherwise than it was sent.")
            .With("restored", await Restore(access, workflowId, read));
    }

    private async Task<JsonObject> Read(N8nAccess access, string workflowId, CancellationToken ct) =>
        await n8n.Workflow(access, workflowId, ct)
            ?? throw new RefusedException(
                404, "workflow_not_found", "There is no workflow of this id in n8n, or it is not shown to the key of the connection.");

    /// <summary>What n8n says it stored; or, when its answer was lost, why.</summary>
    private async Task<(JsonObject? Stored, ProviderException? Doubt)> Replace(
        N8nAccess access, string workflowId, JsonObject wanted, CancellationToken ct)
    {
        try
        {
            var stored = await n8n.Replace(access, workflowId, Workflow.Body(wanted), ct)
                ?? throw Refuse.Conflict("workflow_not_writable",
                    "Change the workflow in n8n's editor: n8n does not take it back as it gave it out (HTTP 400). Nothing was changed.");
            return (stored, null);
        }
        catch (ProviderException e) when (e.Fault is ProviderFault.InDoubt)
        {
            return (null, e);
        }
        catch (OperationCanceledException)
        {
            return (null, new ProviderException(
                ProviderFault.InDoubt, ProviderCode.AnswerLost, "The call was given up before n8n answered."));
        }
    }

    private async Task<bool> Restore(N8nAccess access, string workflowId, JsonObject before)
    {
        try
        {
            return await n8n.Replace(access, workflowId, Workflow.Body(before), CancellationToken.None) is not null
                && Workflow.Same(await Read(access, workflowId, CancellationToken.None), before);
        }
        catch (Exception e) when (e is ProviderException or RefusedException)
        {
            return false; // said to the caller, who has to look
        }
    }

    private static RefusedException Changed() =>
        Refuse.Conflict("workflow_changed", "Someone else changed the workflow at the same time. Look at it and repeat the call.");
}
