using System.Text.Json;
using System.Text.Json.Serialization;
using Aegis.Dicom.Deidentification;

namespace Aegis.Studies.Fulfilment;

/// <summary>Describes a study to the consumer before the download. All of it is de-identified.</summary>
/// <param name="Study">The study as a whole.</param>
/// <param name="Series">Its series, in the order of arrival.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="Frames">Number of frames of all instances.</param>
/// <param name="Deidentification">How it was de-identified.</param>
/// <param name="Warnings">Warnings for the consumer.</param>
internal sealed record StudyMetadata(
    StudySummary Study,
    IReadOnlyList<SeriesSummary> Series,
    int Instances,
    long Frames,
    DeidentificationSummary Deidentification,
    IReadOnlyList<StudyWarning> Warnings)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);
}

/// <param name="StudyInstanceUid">As in the files. It is mapped for this pair of organizations, unless they agreed to keep UIDs.</param>
/// <param name="Modalities">The modalities of its series, sorted.</param>
internal sealed record StudySummary(string StudyInstanceUid, IReadOnlyList<string> Modalities);

/// <param name="SeriesInstanceUid">As in the files.</param>
/// <param name="Modality">A defined term such as CT, or null when the file had no known modality.</param>
/// <param name="Instances">Number of instances.</param>
internal sealed record SeriesSummary(string SeriesInstanceUid, string? Modality, int Instances);

/// <param name="Profile">Name of the profile.</param>
/// <param name="Methods">The methods that were applied, as codes of DICOM CID 7050.</param>
/// <param name="PatientIdentityRemoved">True when every instance says so (0012,0062).</param>
/// <param name="Confirmed">Findings that the provider confirmed.</param>
/// <param name="Removed">Attributes removed, at every depth, in all instances.</param>
/// <param name="Replaced">Attributes emptied or given a dummy value.</param>
/// <param name="Remapped">UIDs mapped.</param>
/// <param name="Cleaned">Dates, ages and descriptions changed.</param>
internal sealed record DeidentificationSummary(
    string Profile,
    IReadOnlyList<MethodCode> Methods,
    bool PatientIdentityRemoved,
    IReadOnlyList<string> Confirmed,
    long Removed,
    long Replaced,
    long Remapped,
    long Cleaned);

/// <param name="Code">Code value of CID 7050.</param>
/// <param name="Scheme">DCM.</param>
/// <param name="Meaning">Code meaning.</param>
internal sealed record MethodCode(string Code, string Scheme, string Meaning)
{
    public static MethodCode From(DeidentificationMethod method) => new(method.Code, DeidentificationMethod.Scheme, method.Meaning);
}

/// <summary>A warning about a study.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Instances">The number of instances that it concerns.</param>
/// <param name="Tags">The attributes that it concerns (gggg,eeee), at most forty; absent for warnings without attributes, and for tags
/// that are in no dictionary.</param>
internal sealed record StudyWarning(
    string Code, int Instances, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tags = null)
{
    public const string FilesIgnored = "files_ignored";

    /// <summary>Warnings as one text, <c>code:instances</c> or <c>code:instances:tag+tag</c> separated by commas.</summary>
    public static string ToText(IEnumerable<StudyWarning> warnings) => string.Join(',', warnings.Select(
        w => $"{w.Code}:{w.Instances}{(w.Tags is not { Count: > 0 } ? "" : ":" + string.Join('+', w.Tags.Select(t => t.Remove(4, 1))))}"));

    public static IReadOnlyList<StudyWarning> FromText(string text) => [.. text
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(w => w.Split(':'))
        .Select(w => new StudyWarning(w[0], int.Parse(w[1], System.Globalization.CultureInfo.InvariantCulture),
            w.Length < 3 || w[2].Length == 0 ? null : [.. w[2].Split('+').Select(t => t.Insert(4, ","))]))];
}
