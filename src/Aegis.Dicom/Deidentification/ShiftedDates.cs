namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Dates, and the patient's pseudonym, stand before what they hang on. While the head of the output is held they are written with room for
/// what comes: a shifted date is as long as the date, every pseudonym as long as another.
/// </summary>
internal sealed class ShiftedDates(DicomWriter writer, OutputBuffer output, DateTreatment treatment)
{
    private readonly List<(int Position, int Length, Vr Vr)> waiting = [];
    private readonly List<int> names = [];
    private DateChange dates = new(treatment, daysBack: 0);
    private bool isKnown = treatment is not DateTreatment.Shift;

    /// <summary>Writes a date as the option says; false when it is none this option can keep.</summary>
    public bool Write(uint tag, Vr vr, ReadOnlySpan<byte> value)
    {
        if (dates.Apply(vr, value) is not { } changed) return false;
        writer.Element(tag, vr, changed);
        if (!isKnown) waiting.Add((output.Count - changed.Length - (changed.Length & 1), changed.Length, vr));
        return true;
    }

    /// <summary>Writes an attribute that will hold the pseudonym.</summary>
    public void WriteName(uint tag, Vr vr)
    {
        writer.Element(tag, vr, stackalloc byte[Pseudonym.Length]);
        names.Add(output.Count - Pseudonym.Length);
    }

    /// <summary>Fills in what was left open.</summary>
    public void Resolve(ReadOnlySpan<byte> pseudonym, DateChange dates)
    {
        foreach (var position in names) pseudonym.CopyTo(output.At(position, Pseudonym.Length));
        foreach (var (position, length, vr) in waiting)
        {
            var date = output.At(position, length);
            dates.Apply(vr, date)!.CopyTo(date);
        }
        waiting.Clear();
        (this.dates, isKnown) = (dates, true);
    }
}
