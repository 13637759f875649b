using System.Collections.Frozen;
using Aegis.Dicom.Deidentification;
using Aegis.Kernel.Refusals;

namespace Aegis.Studies.Fulfilment;

/// <summary>Counts what a study consists of while its instances pass.</summary>
internal sealed class StudySurvey(int maxSeries)
{
    private const string Profile = "DICOM PS3.15 Basic Application Level Confidentiality Profile";

    // Defined terms of Modality (PS3.3 C.7.3.1.1.1). A code string may hold a name; only a known term leaves the file.
    private static readonly FrozenSet<string> Modalities = (
        "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LP LS M3D "
        + "MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD "
        + "RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<SeriesSummary> series = [];
    private readonly SortedDictionary<string, int> warnings = new(StringComparer.Ordinal);
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

    public IReadOnlyList<StudyWarning> Warnings => [.. warnings.Select(w => new StudyWarning(w.Key, w.Value))];

    /// <summary>Counts one instance and returns the number of its series.</summary>
    public int Add(InstanceReport instance, IEnumerable<string> further)
    {
        studyUid = instance.StudyUid;
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
        new DeidentificationSummary(Profile, [.. methods.Select(MethodCode.From)], identityRemoved, confirmed, removed, replaced, remapped, cleaned),
        Warnings);

    private int AddToSeries(InstanceReport instance)
    {
        if (!numbers.TryGetValue(instance.SeriesUid, out var number))
        {
            if (series.Count == maxSeries) throw Refuse.Unprocessable("too_many_series", $"One study may have {maxSeries} series.");
            numbers.Add(instance.SeriesUid, number = series.Count);
            series.Add(new SeriesSummary(instance.SeriesUid, Modalities.Contains(instance.Modality) ? instance.Modality : null, 0));
        }

        series[number] = series[number] with { Instances = series[number].Instances + 1 };
        return number;
    }

    private void Warn(string code) => warnings[code] = warnings.GetValueOrDefault(code) + 1;
}
