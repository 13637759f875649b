using Aegis.Dicom.Deidentification;

namespace Aegis.Studies.Fulfilment;

/// <summary>Counts what a study consists of while its instances pass.</summary>
internal sealed class StudySurvey(int maxSeries)
{
    private const string Profile = "DICOM PS3.15 Basic Application Level Confidentiality Profile";

    // What a list of warnings has room for.
    private const int MaxTags = 40;

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

    /// <summary>Files of the upload that were passed over.</summary>
    public void Ignore(int files)
    {
        if (files > 0) warnings[StudyWarning.FilesIgnored] = files;
    }

    public IReadOnlyList<StudyWarning> Warnings => [.. warnings.Select(w => new StudyWarning(w.Key, w.Value, TagsOf(w.Key)))];

    /// <summary>
    /// What the first instance calls the patient; a study whose instances disagree about the patient's number has several.
    /// </summary>
    public string Pseudonym { get; private set; } = "";

    /// <summary>Counts one instance and returns the number of its series.</summary>
    public int Add(InstanceReport instance, IEnumerable<string> further)
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
        foreach (var code in instance.Warnings.Concat(further)) Warn(code);
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
            if (series.Count == maxSeries) throw Refuse.Unprocessable("too_many_series", $"One study may have {maxSeries} series.");
            numbers.Add(instance.SeriesUid, number = series.Count);
            series.Add(new SeriesSummary(instance.SeriesUid, instance.Modality.Length > 0 ? instance.Modality : null, 0));
        }

        series[number] = series[number] with { Instances = series[number].Instances + 1 };
        return number;
    }

    private IReadOnlyList<string>? TagsOf(string code) => code == InstanceWarning.ValuesDropped ? [.. droppedTags.Take(MaxTags)] : null;

    private void Warn(string code) => warnings[code] = warnings.GetValueOrDefault(code) + 1;
}
