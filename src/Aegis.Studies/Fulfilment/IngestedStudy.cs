namespace Aegis.Studies.Fulfilment;

/// <summary>
/// An upload that was taken in: sealed on disk, read back, authenticated and digested. Its transfer, its request and the answer to the
/// provider take from here what they say.
/// </summary>
/// <param name="File">Where it lies; whoever has it disposes it.</param>
/// <param name="Study">What its transfer knows of it, also after its end.</param>
/// <param name="Key">What its transfer loses when it is destroyed.</param>
/// <param name="ViewRule">When it has been viewed.</param>
/// <param name="Warnings">What to know about it.</param>
/// <param name="Confirmed">Findings that there were and that the provider had confirmed.</param>
/// <param name="Ignored">Files of the upload that are not in it.</param>
/// <param name="Pseudonym">What it calls the patient.</param>
/// <param name="ShiftKey">By what the patient's dates were shifted in 0.1.0 and still are; null when they hang on the pseudonym.</param>
internal sealed record IngestedStudy(
    StoredFile File, StoredStudy Study, StudyKey Key, ViewRule ViewRule, IReadOnlyList<StudyWarning> Warnings,
    IReadOnlyList<Finding> Confirmed, IgnoredFiles Ignored, string Pseudonym, string? ShiftKey)
{
    public string TransferId => Key.TransferId;
}
