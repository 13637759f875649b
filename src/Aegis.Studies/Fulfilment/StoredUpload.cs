using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Transfers;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// A study that lies on disk but belongs to no transfer yet. It stays open until then, which keeps the sweep away from it;
/// disposed before <see cref="Keep"/> it is deleted.
/// </summary>
internal sealed class StoredUpload(string path, SealedStudyReader reader, IngestedStudy study, IReadOnlyList<StudyWarning> warnings, IReadOnlyList<string> confirmed)
    : IDisposable
{
    private bool kept;

    public IngestedStudy Study => study;

    public IReadOnlyList<StudyWarning> Warnings => warnings;

    /// <summary>Findings that there were and that the provider had confirmed.</summary>
    public IReadOnlyList<string> Confirmed => confirmed;

    /// <summary>A transfer names the file, or may: then the sweep decides.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        reader.Dispose();
        if (!kept) File.Delete(path);
    }
}
