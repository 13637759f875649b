namespace Aegis.Vault.Sync;

/// <summary>Where to go on.</summary>
/// <param name="Cursor">The <c>next_cursor</c> of the answer before.</param>
internal sealed record ScanQuery(string? Cursor = null);

internal sealed class ScanQueryValidator : AbstractValidator<ScanQuery>
{
    private const int MaxCursorLength = 500;

    public ScanQueryValidator() => RuleFor(x => x.Cursor)
        .Must(c => c is null
            || (c.Length is > 0 and <= MaxCursorLength
                && c.All(l => char.IsAsciiLetterOrDigit(l) || l is '+' or '/' or '=' or '-' or '_' or '.')))
        .WithMessage("cursor is not one that this call gave out. Start again without it.");
}

/// <summary>A value of the vault that stands in a workflow in clear.</summary>
/// <param name="Credential">Whose value it is.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="IsCurrent">True when this version is in use.</param>
/// <param name="WorkflowId">n8n's id of the workflow.</param>
/// <param name="Node">Name of the node, or null when it stands outside of the nodes.</param>
/// <param name="Path">JSON path in the workflow.</param>
internal sealed record ScanMatch(string Credential, int Version, bool IsCurrent, string WorkflowId, string? Node, string Path);

/// <summary>What a scan found.</summary>
/// <param name="Workflows">How many workflows this call looked at.</param>
/// <param name="Texts">How many texts stand in them.</param>
/// <param name="Matches">Where values were found.</param>
/// <param name="Complete">True when there is nothing left to look at.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to go on; null when the scan is complete.</param>
/// <param name="ScannedAt">When.</param>
internal sealed record ScanResponse(
    int Workflows, int Texts, IReadOnlyList<ScanMatch> Matches, bool Complete, string? NextCursor, DateTimeOffset ScannedAt);
