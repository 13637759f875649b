using Aegis.Dicom.Deidentification;

namespace Aegis.Studies.Fulfilment;

/// <summary>Counts series, instances, frames and warnings of a study while its instances arrive.</summary>
internal sealed class StudySurvey(int maxSeries)
{
    private const string Profile = "DICOM PS3.15 Basic Application Level Confidentiality Profile";

    private const int MaxTags = 40; // keeps the stored text of the warnings within its column

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<SeriesSummary> series = [];
    private readonly SortedDictionary<string, int> warnings = new(StringComparer.Ordinal);
    private readonly SortedSet<string> droppedTags = new(StringComparer.Ordinal);
    private string studyUid = "";
    private int instances;
    private long frames;
    private bool identityRemoved = true;
    private long removed;
    private long replaced;
    private long remapped;
    private long cleaned;

    /// <summary>Counts the files of the upload that were skipped.</summary>
    public void CountIgnored(int files)
    {
        if (files > 0) warnings[StudyWarning.FilesIgnored] = files;
    }

    public IReadOnlyList<StudyWarning> Warnings => [.. warnings.Select(w => new StudyWarning(w.Key, w.Value, TagsOf(w.Key)))];

    /// <summary>
    /// The patient's pseudonym in the first instance. A study whose instances have different patient IDs has several pseudonyms.
    /// </summary>
    public string Pseudonym { get; private set; } = "";

    /// <summary>Counts one instance and returns the number of its series.</summary>
    public int Add(InstanceReport instance, IEnumerable<string> moreWarnings)
    {
        studyUid = instance.StudyUid;
        if (instances == 0) Pseudonym = instance.Pseudonym;
        droppedTags.UnionWith(instance.DroppedTags);
        instances++;
        frames += instance.Frames;
        identityRemoved &= instance.IdentityRemoved;
        removed += instance.Counts.Removed;
        replaced += instance.Counts.Replaced;
        remapped += instance.Counts.Remapped;
        cleaned += instance.Counts.Cleaned;
        foreach (var code in instance.Warnings.Concat(moreWarnings)) Warn(code);
        if (instance.PixelRisks.Count > 0) Warn(Findings.PixelPhiRisk);
        return AddToSeries(instance);
    }

    public StudyMetadata ToMetadata(IEnumerable<DeidentificationMethod> methods, IReadOnlyList<string> confirmed) => new(
        new StudySummary(studyUid, [.. series.Select(s => s.Modality).OfType<string>().Distinct().Order(StringComparer.Ordinal)]),
        series,
        instances,
        frames,
        new DeidentificationSummary(
            Profile, [.. methods.Select(MethodCode.From)], identityRemoved, confirmed, removed, replaced, remapped, cleaned),
        Warnings);

    private int AddToSeries(InstanceReport instance)
    {
        if (!numbers.TryGetValue(instance.SeriesUid, out var number))
        {
            if (series.Count == maxSeries)
                throw Refuse.Unprocessable("too_many_series",
                    $"The study has more than {maxSeries} series. Send a smaller study, or ask the operator to raise Studies:MaxSeries.");
            numbers.Add(instance.SeriesUid, number = series.Count);
            series.Add(new SeriesSummary(instance.SeriesUid, instance.Modality.Length > 0 ? instance.Modality : null, 0));
        }

        series[number] = series[number] with { Instances = series[number].Instances + 1 };
        return number;
    }

    private IReadOnlyList<string>? TagsOf(string code) => code == InstanceWarning.ValuesDropped ? [.. droppedTags.Take(MaxTags)] : null;

    private void Warn(string code) => warnings[code] = warnings.GetValueOrDefault(code) + 1;
}
