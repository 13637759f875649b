using System.Globalization;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Checks that the study is the one that the request describes. Values are compared over the whole study, because a study may contain
/// series of several modalities.
/// </summary>
internal sealed class StudyChecks(StudySelector? asked, Findings findings)
{
    private const int MaxValues = 100; // more distinct values than any study has

    private readonly SortedSet<string> modalities = new(StringComparer.Ordinal);
    private readonly SortedSet<string> accessionNumbers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> dates = new(StringComparer.Ordinal);
    private ReceivedInstance? first;

    public void Note(ReceivedInstance instance)
    {
        if (asked is null) return;
        first ??= instance;
        AddTo(modalities, instance.Report.Modality);
        AddTo(accessionNumbers, Folded(instance.Report.AccessionNumber));
        AddTo(dates, instance.Report.StudyDate);
    }

    public void Finish()
    {
        if (asked is null || first is null) return;
        List<string> differs = [];
        List<string> found = [];
        if (asked.Modality is { } modality) Require("modality", modalities, modalities.Contains(modality.Trim()));
        if (asked.AccessionNumber is { } number)
            Require("accession_number", accessionNumbers, accessionNumbers.SetEquals([Folded(number)]));
        if (asked.DateFrom is not null || asked.DateTo is not null) Require("study_date", dates, dates.Count > 0 && dates.All(IsInRange));
        if (differs.Count > 0) findings.Add(Findings.StudyMismatch, "other_study", string.Join('\n', found), differs, first);

        void Require(string what, SortedSet<string> values, bool matches)
        {
            if (matches) return;
            differs.Add(what);
            found.Add($"{what} {string.Join('\\', values)}");
        }
    }

    private bool IsInRange(string date) =>
        DateOnly.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && !(day < asked!.DateFrom) && !(day > asked.DateTo);

    // Some systems pad accession numbers or change their case.
    private static string Folded(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();

    private static void AddTo(SortedSet<string> values, string value)
    {
        if (value.Length > 0 && values.Count < MaxValues) values.Add(value);
    }
}
