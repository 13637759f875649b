using System.Text;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The findings of an upload, which a provider may confirm after looking at the study. The id of a finding depends on the value that was
/// found, so a confirmation covers that value only. The value is not returned: otherwise a request could be used to ask for names and
/// birth dates.
/// </summary>
/// <param name="requestKey">Key of the request. The same upload for the same request gets the same ids.</param>
/// <param name="confirmations">The findings that the provider has confirmed.</param>
internal sealed class Findings(byte[] requestKey, Confirmations confirmations)
{
    public const string PatientMismatch = "patient_mismatch";
    public const string PatientUnverifiable = "patient_unverifiable";
    public const string StudyMismatch = "study_mismatch";
    public const string PixelPhiRisk = "pixel_phi_risk";

    private const int IdBytes = 16;
    private const int MaxListed = 50; // people read the answer

    private static readonly string[] ByWeight = [PatientMismatch, PatientUnverifiable, StudyMismatch, PixelPhiRisk];

    private readonly Dictionary<(string Code, string Reason, string Found), Entry> entries = [];

    /// <summary>Notes a finding of one instance.</summary>
    /// <param name="code">One of the constants above.</param>
    /// <param name="reason">The reason, as one word.</param>
    /// <param name="found">The value that the id depends on; if empty, the digests of all instances with the finding.</param>
    /// <param name="differs">The properties that differ from the request.</param>
    /// <param name="instance">The instance with the finding.</param>
    public void Add(string code, string reason, string found, IReadOnlyList<string> differs, ReceivedInstance instance)
    {
        var key = (code, reason, found);
        if (!entries.TryGetValue(key, out var entry)) entries.Add(key, entry = new(instance.Position, differs));
        entry.Instances++;
        if (found.Length == 0) entry.Digests.Add(instance.Digest);
    }

    /// <summary>Refuses the upload if any finding is not confirmed. Otherwise returns all findings.</summary>
    public IReadOnlyList<Finding> RequireConfirmed()
    {
        var all = entries.OrderBy(x => Array.IndexOf(ByWeight, x.Key.Code)).ThenBy(x => x.Value.Position)
            .Select(x => (Finding: Shape(x.Key, x.Value), x.Value.Position)).ToList();
        var open = all.FindAll(x => !confirmations.Covers(x.Finding));
        if (open.Count == 0) return [.. all.Select(x => x.Finding)];

        var (first, position) = open[0];
        var refusal = Refuse.Unprocessable(first.Code, Sentence(first, open.Count)).With("position", position)
            .With("findings", open.Take(MaxListed).Select(x => x.Finding.Shape()).ToArray());
        if (first.Code == PixelPhiRisk) refusal.With("risks", open.Select(x => x.Finding.Reason).ToArray());
        throw refusal;
    }

    private Finding Shape((string Code, string Reason, string Found) key, Entry entry) =>
        new(IdOf(key, entry), key.Code, key.Reason, entry.Differs, entry.Instances);

    private string IdOf((string Code, string Reason, string Found) key, Entry entry)
    {
        entry.Digests.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, requestKey);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{key.Code}\n{key.Reason}\n{key.Found}\n"));
        foreach (var digest in entry.Digests) hmac.AppendData(digest);
        return Convert.ToHexStringLower(hmac.GetHashAndReset().AsSpan(0, IdBytes));
    }

    private static string Sentence(Finding finding, int count)
    {
        var what = finding.Code switch
        {
            PatientMismatch => $"The study is not of the requested patient: {Differ(finding.Differs)}.",
            PatientUnverifiable => "The patient of the study cannot be verified: name or birth date is missing or cannot be read.",
            StudyMismatch => $"This is not the study that the request describes: {Differ(finding.Differs)}.",
            _ => "The pictures may show who the patient is. Look at them.",
        };
        var others = count > 1 ? $" There are {count} findings. Confirm each of them." : "";
        return $"{what} If you are certain that the study may be sent, send it again with ?confirm={finding.Code}:{finding.Id}.{others}";
    }

    private static string Differ(IReadOnlyList<string> words)
    {
        var names = words.Select(w => w.Replace('_', ' ')).ToList();
        return names.Count == 1 ? $"the {names[0]} differs" : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]} differ";
    }

    private sealed class Entry(int position, IReadOnlyList<string> differs)
    {
        public int Position => position;

        public IReadOnlyList<string> Differs => differs;

        public int Instances { get; set; }

        public List<byte[]> Digests { get; } = [];
    }
}

/// <summary>One finding that the provider has to look at.</summary>
/// <param name="Id">Identifies what was found, for this request.</param>
/// <param name="Code">patient_mismatch, patient_unverifiable, study_mismatch or pixel_phi_risk.</param>
/// <param name="Reason">The reason, as one word.</param>
/// <param name="Differs">The properties that differ from the request.</param>
/// <param name="Instances">The number of instances with the finding.</param>
internal sealed record Finding(string Id, string Code, string Reason, IReadOnlyList<string> Differs, int Instances)
{
    public string Confirmation => $"{Code}:{Id}";

    // The serializer does not rename members of a problem, so they have their wire names here.
    public Dictionary<string, object> Shape() =>
        new() { ["id"] = Id, ["code"] = Code, ["reason"] = Reason, ["differs"] = Differs, ["instances"] = Instances };
}
