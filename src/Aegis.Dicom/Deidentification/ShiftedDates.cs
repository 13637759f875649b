namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Dates and the pseudonym come before the attributes they depend on. While the head of the output is held, placeholders of the final
/// length are written: a shifted date keeps its length, and all pseudonyms have the same length.
/// </summary>
internal sealed class ShiftedDates(DicomWriter writer, OutputBuffer output, DateTreatment treatment)
{
    private readonly List<(int Position, int Length, Vr Vr)> waiting = [];
    private readonly List<int> names = [];
    private DateChange dates = new(treatment, daysBack: 0);
    private bool isKnown = treatment is not DateTreatment.Shift;

    /// <summary>Writes a date as the option says; false when the option cannot keep the value.</summary>
    public bool Write(uint tag, Vr vr, ReadOnlySpan<byte> value)
    {
        if (dates.Apply(vr, value) is not { } changed) return false;
        writer.Element(tag, vr, changed);
        if (!isKnown) waiting.Add((output.Count - changed.Length - (changed.Length & 1), changed.Length, vr));
        return true;
    }

    /// <summary>Writes an attribute that will contain the pseudonym.</summary>
    public void WriteName(uint tag, Vr vr)
    {
        writer.Element(tag, vr, stackalloc byte[Pseudonym.Length]);
        names.Add(output.Count - Pseudonym.Length);
    }

    /// <summary>Fills in the placeholders.</summary>
    public void Resolve(ReadOnlySpan<byte> pseudonym, DateChange change)
    {
        foreach (var position in names) pseudonym.CopyTo(output.At(position, Pseudonym.Length));
        foreach (var (position, length, vr) in waiting)
        {
            var date = output.At(position, length);
            change.Apply(vr, date)!.CopyTo(date);
        }
        waiting.Clear();
        (dates, isKnown) = (change, true);
    }
}
