namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Counts removed and changed values. It also records the attributes that lost a value although the profile does not require it, so
/// that nothing is emptied silently.
/// </summary>
internal sealed class DroppedValues
{
    private const int MaxNamed = 64;
    private readonly SortedSet<uint> reported = [];

    public int Removed { get; private set; }

    public int Replaced { get; private set; }

    public int Remapped { get; set; }

    public int Cleaned { get; set; }

    /// <summary>The reported attributes: at most 64, ascending.</summary>
    public IReadOnlyCollection<uint> Tags => reported;

    /// <summary>An unlisted attribute lost a value. Its tag is not reported, because it may be four characters of text.</summary>
    public bool HasUnlisted { get; private set; }

    public TreatmentCounts Counts => new(Removed, Replaced, Remapped, Cleaned);

    public void Count(Treatment treatment)
    {
        if (treatment is Treatment.Remove) Removed++;
        else Replaced++;
    }

    /// <summary>
    /// Reports that the attribute lost a non-empty value. The profile itself requires it for private attributes, overlays and table E.1-1.
    /// </summary>
    public void Report(uint tag)
    {
        if (reported.Count == MaxNamed || Part10.Tags.IsPrivate(tag) || Part10.Tags.IsCurveOrOverlay(tag) || Part10.Tags.IsGroupLength(tag))
            return;
        if (tag < FirstDataGroup || tag is Part10.Tags.TrailingPadding || AttributePolicy.IsRewritten(tag)) return;
        if (DataDictionary.Find(tag) is null) HasUnlisted = true;
        else if (ProfileTable.Find(tag) is null || AllowLists.IsReported(tag)) reported.Add(tag);
    }

    private const uint FirstDataGroup = 0x0008_0000;
}
