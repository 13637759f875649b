using System.Text;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// What a provider may confirm, having looked. Each finding of an upload has an id that depends on what was found, so that a
/// confirmation covers that and nothing else. What was found is told to nobody: a request must not be a way to ask for names and birth
/// dates.
/// </summary>
/// <param name="requestKey">Key of the request; the same upload for it gets the same ids.</param>
/// <param name="confirmations">What the provider has confirmed.</param>
internal sealed class Findings(byte[] requestKey, Confirmations confirmations)
{
    public const string PatientMismatch = "patient_mismatch";
    public const string PatientUnverifiable = "patient_unverifiable";
    public const string StudyMismatch = "study_mismatch";
    public const string PixelPhiRisk = "pixel_phi_risk";

    private const int IdBytes = 16;
    private const int MaxListed = 50; // an answer is read by people

    private static readonly string[] ByWeight = [PatientMismatch, PatientUnverifiable, StudyMismatch, PixelPhiRisk];

    private readonly Dictionary<(string Code, string Reason, string Found), Entry> entries = [];

    /// <summary>Notes a finding of one instance.</summary>
    /// <param name="code">One of the constants above.</param>
    /// <param name="reason">Why, as a word.</param>
    /// <param name="found">What the id depends on; empty for the digests of all instances that it is found in.</param>
    /// <param name="differs">What differs from the request, as words.</param>
    /// <param name="instance">Where.</param>
    public void Add(string code, string reason, string found, IReadOnlyList<string> differs, ReceivedInstance instance)
    {
        var key = (code, reason, found);
        if (!entries.TryGetValue(key, out var entry)) entries.Add(key, entry = new(instance.Position, differs));
        entry.Instances++;
        if (found.Length == 0) entry.Digests.Add(instance.Digest);
    }

    /// <summary>Refuses the upload with all findings that are not confirmed, and returns the others.</summary>
    public IReadOnlyList<Finding> Settle()
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
            PatientMismatch => $"The study is not of the patient that was asked for: {Differ(finding.Differs)}.",
            PatientUnverifiable => "The study does not say whose it is: name or birth date is missing or cannot be read.",
            StudyMismatch => $"This is another study than the request describes: {Differ(finding.Differs)}.",
            _ => "The pictures may show who the patient is. Look at them.",
        };
        var rest = count > 1 ? $" There are {count} findings; each needs its own." : "";
        return $"{what} If you are certain that it may be sent, send it again with ?confirm={finding.Code}:{finding.Id}.{rest}";
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

/// <summary>One thing that the provider has to look at.</summary>
/// <param name="Id">Names what was found, for this request.</param>
/// <param name="Code">patient_mismatch, patient_unverifiable, study_mismatch or pixel_phi_risk.</param>
/// <param name="Reason">Why, as a word.</param>
/// <param name="Differs">What differs from the request, as words.</param>
/// <param name="Instances">In how many instances it is found.</param>
internal sealed record Finding(string Id, string Code, string Reason, IReadOnlyList<string> Differs, int Instances)
{
    public string Confirmation => $"{Code}:{Id}";

    // Problem members are written as they stand.
    public Dictionary<string, object> Shape() =>
        new() { ["id"] = Id, ["code"] = Code, ["reason"] = Reason, ["differs"] = Differs, ["instances"] = Instances };
}
