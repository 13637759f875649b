using Aegis.Studies.Transfers;

namespace Aegis.Studies.Fulfilment;

/// <summary>An upload that lies on disk and waits for its transfer.</summary>
/// <param name="File">Where it lies; whoever has it disposes it.</param>
/// <param name="Study">What the transfer keeps of it.</param>
/// <param name="Warnings">What to know about the study.</param>
/// <param name="Confirmed">Findings that there were and that the provider had confirmed.</param>
/// <param name="Ignored">Files of the upload that are not in it.</param>
/// <param name="Pseudonym">What the study calls the patient.</param>
/// <param name="ShiftKey">By what the patient's dates were shifted in 0.1.0 and still are; null when they hang on the pseudonym.</param>
internal sealed record StoredUpload(
    StoredFile File, IngestedStudy Study, IReadOnlyList<StudyWarning> Warnings, IReadOnlyList<Finding> Confirmed, IgnoredFiles Ignored,
    string Pseudonym, string? ShiftKey);
