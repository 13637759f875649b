namespace Aegis.Dicom.Deidentification;

/// <summary>
/// The patient's own name, numbers and birth date, wherever else the file repeats them. An attribute that was reviewed because it holds a
/// term (a manufacturer, a kernel, a body part) still holds whatever somebody typed. What stands before the patient waits in the held head
/// of the output and is overwritten with blanks, which are an empty value.
/// </summary>
internal sealed class OwnIdentity(OutputBuffer output, DroppedValues dropped)
{
    private const int MinLetters = 3; // of an alphabet; initials would empty half of all values
    private const int MinCharacters = 5; // of an identifier

    private static readonly char[] Separators = [.. " \t^=,.;:/\\_-()[]\0\u3000"];

    // Makers are called like people. Their names in a term are theirs.
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

    /// <summary>The value holds a word or number of the patient; false as long as nobody knows the patient.</summary>
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
            if (words.Exists(own => own.IsSame(spelling, marksCount: false) || spelling.IsSame(own, marksCount: false))) return true;
        }
        return false;
    }

    /// <summary>A value was written at the end of the output; it is looked at when the patient is known.</summary>
    public void Wrote(uint tag, int length)
    {
        if (facts is null && length > 0) waiting.Add((tag, output.Count - length - (length & 1), length));
    }

    /// <summary>The patient has passed.</summary>
    public void Resolve(SourceFacts facts)
    {
        this.facts = facts;
        words = [.. Words(facts.Patient)];
        numbers = [.. Numbers(facts)];
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
        dropped.Name(tag);
    }

    private static IEnumerable<Spelling> Words(PatientIdentity patient)
    {
        PersonName[] names = [new(patient.FamilyName, patient.GivenName), .. patient.OtherGroups];
        foreach (var (family, given) in names)
        {
            var words = $"{family} {given}".Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (Array.TrueForAll(words, Fillers.Has)) continue; // UNKNOWN^PATIENT is no name; somebody may be called Probe
            foreach (var word in words.Append(family + given).Append(given + family).Select(Spelling.Of))
            {
                if (word.IsEmpty || word.Bare.Length < (word.IsLatin ? MinLetters : 2)) continue;
                // A word of imaging tells nothing: HEAD is a family too.
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
