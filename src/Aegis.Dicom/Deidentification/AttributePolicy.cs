namespace Aegis.Dicom.Deidentification;

/// <summary>What is done with one attribute. Every treatment except Keep and Descend inspects the value or drops it.</summary>
internal enum Treatment : byte
{
    Remove, Empty, Dummy, Remap, Date, Clean, Grammar, Number, Text, Words, Bulk, Descend, CharacterSet,
    CodeValue, CodeScheme, CodeVersion, CodeMeaning, LongCode,
}

/// <summary>
/// Decides by tag and representation (PS3.15 annex E, stricter outside its table). It never sees the value.
/// </summary>
internal sealed class AttributePolicy(DeidentificationOptions options)
{
    public Treatment Decide(uint tag, Vr vr, AttributeEntry? known)
    {
        if (known is null || Tags.IsPrivate(tag) || tag < FirstDataGroup || Tags.IsCurveOrOverlay(tag)) return Treatment.Remove;
        // A text declared as a number must not pass as one.
        if (!Agree(vr.Family(), known.Vr.Family())) return Treatment.Remove;
        if (IsRewritten(tag)) return Treatment.Remove;
        if (tag is Tags.CharacterSet) return Treatment.CharacterSet;
        return ProfileTable.Find(tag) is { } rule ? InTable(rule, known.Vr) : OutsideTable(tag, vr, known.Vr);
    }

    /// <summary>What the Basic Profile alone says. Used when an option cannot be applied to a value.</summary>
    public static Treatment Basic(uint tag, AttributeEntry? known) =>
        ProfileTable.Find(tag) is { } rule && known is not null ? Resolve(rule.Basic, known.Vr) : Treatment.Remove;

    private const uint FirstDataGroup = 0x0008_0000;

    // We write these ourselves. What the source says about its own de-identification is not trusted.
    public static bool IsRewritten(uint tag) =>
        tag is Tags.IdentityRemoved or Tags.DeidentificationMethod or Tags.DeidentificationCodes or Tags.TemporalModified;

    // Grammar attributes that the file declares as text are checked against the dictionary's grammar. No other text passes that check.
    private static bool Agree(VrFamily found, VrFamily known) => found == known
        || (found is VrFamily.Number or VrFamily.Bulk && known is VrFamily.Number or VrFamily.Bulk)
        || (found is VrFamily.Text && known is VrFamily.Grammar);

    private Treatment InTable(ProfileRule rule, Vr vr)
    {
        var basic = Resolve(rule.Basic, vr);
        if (rule.Dates is not OptionColumn.None && (vr.Family() is VrFamily.Date || vr is Vr.SH))
            return options.Dates is DateTreatment.Remove ? basic : Treatment.Date;

        if ((options.KeepUids && rule.Uids is OptionColumn.Keep)
            || (options.KeepDevice && rule.Device is OptionColumn.Keep)
            || (options.KeepPatientCharacteristics && rule.Patient is OptionColumn.Keep)
            || (options.KeepInstitution && rule.Institution is OptionColumn.Keep)) return Kept(vr, basic);

        if ((options.CleanDescriptors && rule.Descriptors is OptionColumn.Clean)
            || (options.KeepDevice && rule.Device is OptionColumn.Clean)
            || (options.KeepPatientCharacteristics && rule.Patient is OptionColumn.Clean)) return Cleaned(vr, basic);

        return basic;
    }

    private static Treatment Kept(Vr vr, Treatment basic) => vr.Family() switch
    {
        VrFamily.Sequence => Treatment.Descend,
        VrFamily.Text or VrFamily.Title when vr is not Vr.PN and not Vr.UN => Treatment.Text,
        VrFamily.Grammar => Treatment.Grammar,
        VrFamily.Number => Treatment.Number,
        VrFamily.Identifier => Treatment.Remap, // UidMap keeps registered UIDs
        _ => basic,
    };

    private static Treatment Cleaned(Vr vr, Treatment basic) => vr switch
    {
        Vr.SQ => Treatment.Descend,
        Vr.LO or Vr.SH or Vr.ST or Vr.LT or Vr.UT or Vr.UC => Treatment.Clean,
        _ => basic,
    };

    // Which of several codes applies depends on the attribute's type in the object definition. We take the one that is valid for
    // every type: empty satisfies types 2 and 3, a dummy satisfies all. A sequence cannot have a meaningful dummy.
    private static Treatment Resolve(BasicAction action, Vr vr) => action switch
    {
        BasicAction.Remove => Treatment.Remove,
        BasicAction.Remap => Treatment.Remap,
        BasicAction.RemapInside => Treatment.Descend,
        BasicAction.Empty or BasicAction.RemoveOrEmpty => Treatment.Empty,
        BasicAction.Dummy => vr is Vr.UI ? Treatment.Remap : Treatment.Dummy,
        _ => vr is Vr.SQ ? Treatment.Empty : Treatment.Dummy,
    };

    // A file may declare numbers as bytes and bytes as numbers: the dictionary decides.
    private Treatment OutsideTable(uint tag, Vr vr, Vr known) => known.Family() switch
    {
        VrFamily.Sequence => Treatment.Descend,
        VrFamily.Text => vr == known ? Text(tag) : Treatment.Empty, // only terms were reviewed, not names or long texts
        VrFamily.Grammar => Treatment.Grammar,
        VrFamily.Identifier => Treatment.Remap,
        VrFamily.Number => Treatment.Number,
        VrFamily.Bulk when AllowLists.KeepsBulk(tag) => Treatment.Bulk,
        _ => Treatment.Remove,
    };

    private Treatment Text(uint tag) => tag switch
    {
        Tags.CodeValue => Treatment.CodeValue,
        Tags.CodingScheme => Treatment.CodeScheme,
        Tags.CodingSchemeVersion => Treatment.CodeVersion,
        Tags.CodeMeaning => Treatment.CodeMeaning,
        Tags.LongCodeValue => Treatment.LongCode,
        _ when options.CleanDescriptors && AllowLists.IsLabel(tag) => Treatment.Clean,
        _ when AllowLists.KeepsWords(tag) => Treatment.Words,
        _ => AllowLists.KeepsText(tag) ? Treatment.Text : Treatment.Empty,
    };
}
