namespace Aegis.Studies.Fulfilment;

/// <summary>
/// A study after its upload: sealed on disk, read back, authenticated and digested. The transfer, the request and the answer to the
/// provider are filled from it.
/// </summary>
/// <param name="File">The sealed file. The receiver disposes it.</param>
/// <param name="Study">The facts that the transfer keeps, also after its end.</param>
/// <param name="Key">The key and data that are removed when the transfer is destroyed.</param>
/// <param name="ViewRule">When the study counts as viewed.</param>
/// <param name="Warnings">Warnings about the study.</param>
/// <param name="Confirmed">The findings of the upload, all of which the provider confirmed.</param>
/// <param name="Ignored">Files of the upload that are not part of the study.</param>
/// <param name="Pseudonym">The pseudonym of the patient.</param>
/// <param name="ShiftKey">The key by which 0.1.0 shifted this patient's dates, which is still used; null when the shift depends on the
/// pseudonym.</param>
internal sealed record IngestedStudy(
    StoredFile File, StoredStudy Study, StudyKey Key, ViewRule ViewRule, IReadOnlyList<StudyWarning> Warnings,
    IReadOnlyList<Finding> Confirmed, IgnoredFiles Ignored, string Pseudonym, string? ShiftKey)
{
    public string TransferId => Key.TransferId;
}
