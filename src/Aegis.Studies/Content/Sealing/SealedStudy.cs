namespace Aegis.Studies.Content.Sealing;

/// <summary>What a finished sealed file holds; <see cref="ContentLength"/> is its size on disk.</summary>
internal sealed record SealedStudy(long ContentLength, StudyIndex Index);
