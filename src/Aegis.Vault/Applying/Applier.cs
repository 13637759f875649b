namespace Aegis.Vault.Applying;

/// <summary>
/// Changes one node of a workflow. It reads and checks the workflow, changes the node, replaces the workflow, reads it back, and restores
/// it when n8n stored something else. n8n has no conditional replace, so the workflow is read again just before. Only what someone saves
/// between that read and the replace can be lost. <see cref="ApplyController"/> calls the applier, <see cref="WorkflowTurns"/> serializes
/// changes of one workflow, <see cref="WorkflowNode"/> changes the node, and <see cref="Workflow"/> compares workflows. A failing n8n is a
/// <see cref="ProviderException"/>; anything else that prevents the change is a refusal.
/// </summary>
internal sealed class Applier(N8nClient n8n, WorkflowTurns turns)
{
    /// <param name="access">How to reach n8n.</param>
    /// <param name="credentialId">n8n's id of the credential.</param>
    /// <param name="workflowId">n8n's id of the workflow.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="ct">Stops the call before the change; later it is ignored.</param>
    /// <returns>False when the node already used the credential.</returns>
    public Task<bool> Apply(N8nAccess access, string credentialId, string workflowId, string node, CancellationToken ct) =>
        turns.Take(access.OrganizationId, workflowId, () => Change(access, credentialId, workflowId, node, ct), ct);

    private async Task<bool> Change(N8nAccess access, string credentialId, string workflowId, string node, CancellationToken ct)
    {
        var credential = await n8n.Credential(access, credentialId, ct)
            ?? throw Refuse.Conflict("credential_not_in_n8n",
                "There is no such credential in n8n, or the API key of the connection cannot see it. Check provider_credential_id.");
        var read = await Read(access, workflowId, ct);
        var wanted = WorkflowNode.With(read, node, credential);
        if (Workflow.Same(read, wanted)) return false;

        Workflow.RequirePublished(read);
        if (!Workflow.SameVersion(read, await Read(access, workflowId, ct))) throw Changed();
        var (stored, doubt) = await Replace(access, workflowId, wanted, ct);

        // From here on the workflow may be changed, so the check ignores a cancellation.
        var after = await Read(access, workflowId, CancellationToken.None);
        if (Workflow.Same(after, wanted)) return true;
        if (doubt is not null && Workflow.SameVersion(after, read)) throw doubt;
        if (stored is null || Workflow.Same(stored, wanted) || !Workflow.SameVersion(stored, after)) throw Changed();
        throw Refuse.Conflict("apply_not_taken",
            "The node does not use the credential: n8n stored the workflow differently from what was sent.")
            .With("restored", await Restore(access, workflowId, read));
    }

    private async Task<JsonObject> Read(N8nAccess access, string workflowId, CancellationToken ct) =>
        await n8n.Workflow(access, workflowId, ct)
            ?? throw new RefusedException(
                404, "workflow_not_found", "There is no workflow with this id in n8n, or the API key of the connection cannot see it.");

    /// <summary>What n8n says that it stored, or why its answer is missing.</summary>
    private async Task<(JsonObject? Stored, ProviderException? Doubt)> Replace(
        N8nAccess access, string workflowId, JsonObject wanted, CancellationToken ct)
    {
        try
        {
            var stored = await n8n.Replace(access, workflowId, Workflow.Body(wanted), ct)
                ?? throw Refuse.Conflict("workflow_not_writable",
                    "The n8n server does not accept the workflow in the form in which it returned it (HTTP 400). "
                        + "Nothing was changed. Change it in n8n's editor.");
            return (stored, null);
        }
        catch (ProviderException e) when (e.Fault is ProviderFault.InDoubt)
        {
            return (null, e);
        }
        catch (OperationCanceledException)
        {
            return (null, new ProviderException(
                ProviderFault.InDoubt, ProviderCode.AnswerLost, "The call was cancelled before n8n answered."));
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
            return false; // reported to the caller as "restored": false
        }
    }

    private static RefusedException Changed() =>
        Refuse.Conflict("workflow_changed", "Someone else changed the workflow at the same time. Check it and repeat the call.");
}
