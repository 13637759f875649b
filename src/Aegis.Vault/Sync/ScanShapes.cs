namespace Aegis.Vault.Sync;

/// <summary>Where a scan continues.</summary>
/// <param name="Cursor">The <c>next_cursor</c> of the previous answer.</param>
internal sealed record ScanQuery(string? Cursor = null);

internal sealed class ScanQueryValidator : AbstractValidator<ScanQuery>
{
    private const int MaxCursorLength = 500;

    public ScanQueryValidator() => RuleFor(x => x.Cursor)
        .Must(c => c is null
            || (c.Length is > 0 and <= MaxCursorLength
                && c.All(l => char.IsAsciiLetterOrDigit(l) || l is '+' or '/' or '=' or '-' or '_' or '.')))
        .WithMessage("cursor is invalid. Use the next_cursor of the previous answer, or start again without it.");
}

/// <summary>A value of the vault that was found as plaintext in a workflow.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Version">The version.</param>
/// <param name="IsCurrent">True when this version is in use.</param>
/// <param name="WorkflowId">n8n's id of the workflow.</param>
/// <param name="Node">Name of the node, or null when it is outside the nodes.</param>
/// <param name="Path">JSON path in the workflow.</param>
internal sealed record ScanMatch(string Credential, int Version, bool IsCurrent, string WorkflowId, string? Node, string Path);

/// <summary>What a scan found.</summary>
/// <param name="Workflows">How many workflows this call searched.</param>
/// <param name="Texts">How many texts they contain.</param>
/// <param name="Matches">Where values were found.</param>
/// <param name="Complete">True when nothing is left to search.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to continue; null when the scan is complete.</param>
/// <param name="ScannedAt">When the scan ended.</param>
internal sealed record ScanResponse(
    int Workflows, int Texts, IReadOnlyList<ScanMatch> Matches, bool Complete, string? NextCursor, DateTimeOffset ScannedAt);
