namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Finds the patient's name, numbers and birth date where other attributes repeat them. An attribute that was reviewed because it
/// contains a term (a manufacturer, a kernel, a body part) may still contain free text. Values before the patient wait in the held head
/// of the output. When they repeat the identity they are overwritten with blanks, which DICOM reads as an empty value.
/// </summary>
internal sealed class RepeatedIdentity(OutputBuffer output, DroppedValues dropped)
{
    private const int MinLetters = 3; // of an alphabet; matching initials would empty half of all values
    private const int MinCharacters = 5; // of an identifier

    private static readonly char[] Separators = [.. " \t^=,.;:/\\_-()[]\0\u3000"];

    // Manufacturers can have the same names as people. Their names are not taken for the patient's.
    private static readonly HashSet<string> Makers =
    [
        "SIEMENS", "PHILIPS", "CANON", "TOSHIBA", "HITACHI", "FUJI", "FUJIFILM", "AGFA", "KODAK", "SAMSUNG", "VARIAN", "ELEKTA",
        "KONICA", "MINOLTA",
        "CARESTREAM", "ZIEHM", "ZEISS", "LEICA", "HOLOGIC", "SHIMADZU", "MINDRAY", "ESAOTE", "BRUKER", "PLANMECA", "SIRONA", "ACCURAY",
        "NEUSOFT", "FISCHER",
        "GENERAL", "ELECTRIC", "MEDICAL", "SYSTEMS", "IMAGING", "HEALTHCARE", "HEALTHINEERS",
    ];

    private readonly List<(uint Tag, int Position, int Length)> waiting = [];
    private SourceFacts? facts;
    private List<Spelling> words = [];
    private List<string> numbers = [];

    /// <summary>The value contains a word or number of the patient; false until the patient is known.</summary>
    public bool IsIn(uint tag, ReadOnlySpan<byte> value)
    {
        if (facts is null || NeededValues.Contains(tag)) return false;
        var text = facts.Decode(value).Trim(' ', '\0');
        if (text.Length < 2 || DefinedTerms.Has(tag, text.ToUpperInvariant())) return false;
        var letters = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (numbers.Exists(number => letters.Contains(number, StringComparison.Ordinal))) return true;
        foreach (var word in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            var spelling = Spelling.Of(word);
            if (spelling.IsEmpty) continue;
            if (words.Exists(known => known.IsSame(spelling, marksCount: false) || spelling.IsSame(known, marksCount: false))) return true;
        }
        return false;
    }

    /// <summary>A value was written at the end of the output. It is checked when the patient is known.</summary>
    public void Wrote(uint tag, int length)
    {
        if (facts is null && length > 0) waiting.Add((tag, output.Count - length - (length & 1), length));
    }

    /// <summary>The patient is known: checks the values that wait.</summary>
    public void Resolve(SourceFacts source)
    {
        facts = source;
        words = [.. Words(source.Patient)];
        numbers = [.. Numbers(source)];
        foreach (var (tag, position, length) in waiting) Blank(tag, output.At(position, length));
        waiting.Clear();
    }

    private void Blank(uint tag, Span<byte> values)
    {
        var found = false;
        foreach (var part in values.Split((byte)'\\'))
        {
            if (!IsIn(tag, values[part])) continue;
            values[part].Fill((byte)' ');
            found = true;
        }
        if (!found) return;
        dropped.Count(Treatment.Empty);
        dropped.Report(tag);
    }

    private static IEnumerable<Spelling> Words(PatientIdentity patient)
    {
        PersonName[] names = [new(patient.FamilyName, patient.GivenName), .. patient.OtherGroups];
        foreach (var (family, given) in names)
        {
            var words = $"{family} {given}".Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (Array.TrueForAll(words, Fillers.Has)) continue; // UNKNOWN^PATIENT is not a name, but a person may be called Probe
            foreach (var word in words.Append(family + given).Append(given + family).Select(Spelling.Of))
            {
                if (word.IsEmpty || word.Bare.Length < (word.IsLatin ? MinLetters : 2)) continue;
                // An imaging term identifies nobody: HEAD is also a family name.
                if (!Makers.Contains(word.Bare) && !DescriptorCleaner.KnowsAll(Encoding.Latin1.GetBytes(word.Bare))) yield return word;
            }
        }
    }

    private static IEnumerable<string> Numbers(SourceFacts facts)
    {
        foreach (var id in new[] { facts.PatientId, facts.AccessionNumber })
        {
            var plain = string.Concat(id.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
            if (plain.Length >= MinCharacters && plain.Any(char.IsAsciiDigit) && !Fillers.Has(plain)) yield return plain;
        }
        if (facts.Patient.BirthDate is not { } date) yield break;
        yield return date;
        yield return date[6..] + date[4..6] + date[..4];
        yield return date[4..] + date[..4];
    }
}
