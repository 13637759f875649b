namespace Aegis.Vault.Applying;

/// <summary>Makes a node of an n8n workflow use the credential.</summary>
/// <param name="WorkflowId">n8n's id of the workflow.</param>
/// <param name="NodeName">Name of the node, exactly.</param>
/// <param name="RequestedBy">For whom the caller does it; stored as <c>on_behalf_of</c>.</param>
internal sealed record ApplyRequest(string WorkflowId, string NodeName, string? RequestedBy = null);

internal sealed class ApplyValidator : AbstractValidator<ApplyRequest>
{
    private const int MaxNodeLength = 200;
    private const int MaxAgentLength = 100;

    public ApplyValidator()
    {
        RuleFor(x => x.WorkflowId).Must(CredentialRules.IsProviderId)
            .WithMessage("workflow_id must be 1 to 100 printable ASCII characters without spaces, / ? and #, and not . or ..");
        RuleFor(x => x.NodeName).Must(n => n.Length is > 0 and <= MaxNodeLength && !n.Any(char.IsControl))
            .WithMessage($"node_name must have 1 to {MaxNodeLength} characters, without control characters.");
        RuleFor(x => x.RequestedBy).Must(r => r is null || (r.Length is > 0 and <= MaxAgentLength && !r.Any(ChangesText)))
            .WithMessage($"requested_by must have 1 to {MaxAgentLength} characters, without control or text-direction characters.");
    }

    private static bool ChangesText(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format;
}

/// <summary>The node uses the credential.</summary>
/// <param name="Status">Always <c>applied</c>, also when the node already used it.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="WorkflowId">n8n's id of the workflow.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="AppliedAt">When it was applied.</param>
internal sealed record ApplyResponse(string Status, string Credential, string WorkflowId, string Node, DateTimeOffset AppliedAt);
