namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Counts what goes, and remembers the attributes that lost a value although the profile does not ask for it: nothing is emptied without a
/// word.
/// </summary>
internal sealed class DroppedValues
{
    private const int MaxNamed = 64;
    private readonly SortedSet<uint> tags = [];

    public int Removed { get; private set; }

    public int Replaced { get; private set; }

    public int Remapped { get; set; }

    public int Cleaned { get; set; }

    /// <summary>At most sixty-four attributes, ascending.</summary>
    public IReadOnlyCollection<uint> Tags => tags;

    /// <summary>So did one that no dictionary knows: its tag may be four letters of a text.</summary>
    public bool HasUnnamed { get; private set; }

    public TreatmentCounts Counts => new(Removed, Replaced, Remapped, Cleaned);

    public void Count(Treatment treatment)
    {
        if (treatment is Treatment.Remove) Removed++;
        else Replaced++;
    }

    /// <summary>
    /// The attribute lost a value that was not empty. Private attributes, overlays and table E.1-1 are what the profile asks for.
    /// </summary>
    public void Name(uint tag)
    {
        if (tags.Count == MaxNamed || Part10.Tags.IsPrivate(tag) || Part10.Tags.IsCurveOrOverlay(tag) || Part10.Tags.IsGroupLength(tag))
            return;
        if (tag < FirstDataGroup || tag is Part10.Tags.TrailingPadding || AttributePolicy.IsRewritten(tag)) return;
        if (DataDictionary.Find(tag) is null) HasUnnamed = true;
        else if (ProfileTable.Find(tag) is null || AllowLists.IsMissed(tag)) tags.Add(tag);
    }

    private const uint FirstDataGroup = 0x0008_0000;
}
