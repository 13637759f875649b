using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Studies.Tracer;

/// <summary>One study whose files have canaries wherever a file can have a value.</summary>
internal static class CanaryFiles
{
    private const string Mark = Canary.Mark;
    private const string StudyUid = Canary.UidRoot + "7.1";
    private const uint ReferencedSeries = 0x00081115, ReferencedSop = 0x00081199;

    private static readonly KeyValuePair<uint, AttributeEntry>[] Dictionary =
        [.. DataDictionary.All.Where(x => x.Key >= 0x00080000 && x.Key < 0xFFFE0000).OrderBy(x => x.Key)];

    /// <summary>Value representations that an attribute may declare instead of the correct one.</summary>
    private static readonly Vr[] Odd = [Vr.UN, Vr.OB, Vr.OW, Vr.CS, Vr.DS, Vr.LO, Vr.UT, Vr.UI, Vr.DA, Vr.AE, Vr.FD, Vr.SH, Vr.PN];

    /// <summary>Attributes with a canary at the top level of one of the files.</summary>
    public static int Traced => Dictionary.Count(x => Plain(x) is not null);

    public static List<byte[]> All() =>
    [
        Whole(Part10File.Explicit), Whole(Part10File.Implicit), Deep(Part10File.Explicit), Deep(Part10File.Implicit), Places(), Padded(),
        Document(), .. HiddenValues.All(),
        .. Odd.Select(Misnamed),
    ];

    /// <summary>Every attribute of the dictionary; sequences have an item with a name.</summary>
    private static byte[] Whole(string syntax) => Identified(Filled(new Part10File(syntax), deep: false), "1" + syntax).Sent();

    /// <summary>The same inside an item of an item of an item, with lengths and without.</summary>
    private static byte[] Deep(string syntax)
    {
        var file = Identified(new Part10File(syntax), "2" + syntax);
        var inner = Filled(file.Item(), deep: true);
        file.Sequence(ReferencedSeries, file.Item().OpenSequence(ReferencedSop, file.Item().Sequence(ReferencedSop, inner)));
        return file.Sent();
    }

    /// <summary>Every attribute with a wrong value representation. A reader that does not check it would keep the value.</summary>
    private static byte[] Misnamed(Vr vr)
    {
        var file = Identified(new Part10File(), $"3.{(int)vr}");
        foreach (var (tag, entry) in Dictionary)
        {
            var kept = entry.Vr.Family() is VrFamily.Number or VrFamily.Bulk && vr.Family() is VrFamily.Number or VrFamily.Bulk;
            var keptBySameName = vr == entry.Vr || (vr is Vr.UN && AllowLists.KeepsText(tag));
            var readable = vr is Vr.UN && entry.Vr is Vr.SQ or Vr.None
                || (vr is Vr.UN && entry.Vr.Family() is VrFamily.Number or VrFamily.Bulk);
            // a name of digits is another patient than a name of letters, and two patients are refused
            var isAnotherName = vr is Vr.UI && tag is Tags.PatientName;
            if (IsIdentifier(tag) || NeededValues.Contains(tag) || kept || keptBySameName || readable || isAnotherName) continue;
            var text = $"{Mark}{tag:X8}";
            file.Add(tag, vr.ToString(),
                Encoding.ASCII.GetBytes(vr is Vr.UI ? $"{Canary.UidRoot}{tag}".PadRight(30, '\0') : vr is Vr.UN
                    ? text.ToLowerInvariant()
                    : text));
        }

        return file.Sent();
    }

    /// <summary>Attributes that are not in the dictionary, and structures in which standards put text.</summary>
    private static byte[] Places()
    {
        var file = Identified(new Part10File(), "4")
            .Add(0x00080001, "UL", [1, 0, 0, 0]).Add(0x00089999, "LO", Mark + "UNKNOWN").Add(0x00089998, "UN", Mark + "UNKNOWN2")
            .Add(0x00080070, "LO", "ACME")
            .Add(0x00090010, "LO", Mark + "CREATOR").Add(0x00091001, "LO", Mark + "PRIVATE").Add(0x00091002, "UN", Mark + "PRIVATE2")
            .Add(0x00191100, "LO", Mark + "ORPHAN") // no creator
            .Add(0x00190010, "LO", "SIEMENS MR HEADER").Add(0x00191008, "LO", Mark + "SAFE").Add(0x0019100D, "CS", Mark.ToLowerInvariant())
            .Add(0x0019100C, "IS", Mark + "  ")
            .Add(0x00191051, "LO", Mark + "SAFE2").Add(0x00190011, "LO", "SIEMENS MR HEADER " + Mark)
            .Add(0x00210010, "LO", "SIEMENS MR HEADER").Add(0x0021100C, "IS", Mark + "  ")
            .Add(0x50000022, "LO", Mark + "CURVE").Add(0x50003000, "OW", Mark + "CURVEDATA").Add(0x501E2600, "LO", Mark + "CURVELAST")
            .Add(0x60000022, "LO", Mark + "OVERLAY").Add(0x60001500, "LO", Mark + "LABEL").Add(0x60003000, "OW", Mark + "OVERLAYD")
            .Add(0x60024000, "LT", Mark + "COMMENT")
            .Add(0x601E3000, "OB", Mark + "LASTONE ").Add(0x60FE0022, "LO", Mark + "BEYOND").Add(0xFFFCFFFC, "OB", Mark + "PADDING ");
        file.OpenSequence(0x00091011, file.Item().Add(0x00100010, "PN", Mark + "^PRIVATE")) // a private sequence
            .Sequence(0x00700001, file.Item().Sequence(0x00700008, file.Item().Add(0x00700006, "ST", Mark + " graphic annotation"))
                .Add(0x00700002, "CS", Mark.ToLowerInvariant()))
            .Add(0x00700081, "LO", Mark + "CONTENT").Add(0x00700084, "PN", Mark + "^CREATOR")
            .Sequence(0x0040A730, file.Item().Add(0x0040A160, "UT", Mark + " text of a report").Add(0x0040A123, "PN", Mark + "^OBSERVER")
                .Add(0x0040A124, "UI", Canary.UidRoot + "8.1")
                .Sequence(0x0040A043, file.Item().Add(0x00080100, "SH", Mark).Add(0x00080102, "SH", "99" + Mark)
                    .Add(0x00080104, "LO", Mark + " meaning")))
            .Sequence(0x04000561, file.Item().Add(0x04000563, "LO", Mark + "SYSTEM").Add(0x04000564, "LO", Mark + "SOURCE")
                .Add(0x04000562, "DT", "18610101131731.5 ")
                .Sequence(0x04000550, file.Item().Add(0x00100010, "PN", Mark + "^ORIGINAL").Add(0x00100020, "LO", Mark + "ID")
                    .Add(0x00100030, "DA", "18610101")));
        return file.Sent();
    }

    /// <summary>
    /// After the end of values: after a NUL, after spaces, in additional values, after codes and UIDs, in attributes that are kept.
    /// </summary>
    private static byte[] Padded()
    {
        var file = Identified(new Part10File(), "5")
            .Add(0x00080008, "CS", "ORIGINAL\0" + Mark).Add(0x00080020, "DA", "20240517\0" + Mark).Add(0x00080030, "TM", "101500\0" + Mark)
            .Add(0x00080060, "CS", "MR\0\0" + Mark).Add(0x00080070, "LO", "ACME\0" + Mark)
            .Add(0x00081090, "LO", "ACME   " + new string(' ', 250) + Mark)
            .Add(0x00101010, "AS", "044Y\0" + Mark).Add(0x00180015, "CS", "HEAD " + new string(' ', 20) + Mark)
            .Add(0x00180050, "DS", "1.5\0" + Mark)
            .Add(0x00181020, "LO", "V1\\" + string.Join('\\', Enumerable.Repeat("V2", 3)) + "\0\0" + Mark)
            .Add(0x00189005, "SH", "TSE\0\0" + Mark).Add(0x00200013, "IS", "1 \0" + Mark)
            .Add(0x00200052, "UI", "1.2.840.10008.1.2\0" + Mark)
            .Add(0x00281054, "LO", "HU\0" + Mark + "\0").Add(0x00280120, "US", Encoding.ASCII.GetBytes(Mark))
            .Add(0x00180088, "DS", "1\\1\\" + Mark);
        file.Sequence(0x00082218, file.Item().Add(0x00080100, "SH", "T-A0100\0" + Mark).Add(0x00080102, "SH", "SCT")
            .Add(0x00080103, "SH", "1\0" + Mark).Add(0x00080104, "LO", "Brain\0" + Mark));
        file.Sequence(0x00082228, file.Item().Add(0x00080100, "SH", "1").Add(0x00080102, "SH", "SCT\0" + Mark).Add(0x00080104, "LO", Mark));
        return [.. file.Sent(), .. new byte[64]];
    }

    private static byte[] Document() => Identified(new Part10File(), "6", "1.2.840.10008.5.1.4.1.1.104.1")
        .Add(0x00420010, "ST", Mark + " title").Add(0x00420011, "OB", "%PDF-1.4 " + Mark)
        .Add(0x00420012, "LO", "application/" + Mark).Sent();

    private static Part10File Filled(Part10File file, bool deep)
    {
        foreach (var (tag, entry) in Dictionary)
        {
            if (!deep && IsIdentifier(tag)) continue;
            var vr = Declared(entry.Vr);
            if (entry.Vr is Vr.SQ)
                file.Sequence(tag, file.Item().Add(0x00100010, "PN", $"{Mark}{tag:X8}^SQ").Add(0x00104000, "LT", $"{Mark}{tag:X8}"));
            else if (Canary.For(tag, entry, vr, deep) is { } canary) file.Add(tag, vr.ToString(), canary);
        }

        return file;
    }

    private static byte[]? Plain(KeyValuePair<uint, AttributeEntry> x) =>
        x.Value.Vr is Vr.SQ ? [] : Canary.For(x.Key, x.Value, Declared(x.Value.Vr), deep: false);

    private static Vr Declared(Vr vr) => vr switch { Vr.ObOrOw or Vr.UsOrOw => Vr.OW, Vr.UsOrSs => Vr.US, Vr.None => Vr.UN, _ => vr };

    private static bool IsIdentifier(uint tag) => tag is 0x00080016 or 0x00080018 or 0x0020000D or 0x0020000E;

    /// <summary>The attributes that every instance of the study needs, also with canaries.</summary>
    internal static Part10File Identified(Part10File file, string number, string sopClass = "1.2.840.10008.5.1.4.1.1.4") => file
        .Add(0x00080016, "UI", sopClass).Add(0x00080018, "UI", Canary.UidRoot + number).Add(0x0020000D, "UI", StudyUid)
        .Add(0x0020000E, "UI", StudyUid + ".1");

    /// <summary>A preamble and file meta information with as many values as possible.</summary>
    internal static byte[] Sent(this Part10File file)
    {
        var plain = file.ToBytes();
        var meta = new Part10File()
            .Add(0x00020001, "OB", [0, 1]).Add(0x00020002, "UI", Canary.UidRoot + "2.2").Add(0x00020003, "UI", Canary.UidRoot + "2.3")
            .Add(0x00020010, "UI", file.Syntax).Add(0x00020012, "UI", Canary.UidRoot + "2.12").Add(0x00020013, "SH", Mark + "IMPL")
            .Add(0x00020016, "AE", Mark + "SRC").Add(0x00020017, "AE", Mark + "SND").Add(0x00020018, "AE", Mark + "RCV")
            .Add(0x00020026, "UR", "urn:" + Mark)
            .Add(0x00020027, "UR", "urn:" + Mark).Add(0x00020028, "UR", "urn:" + Mark).Add(0x00020031, "OB", Mark)
            .Add(0x00020032, "UI", Canary.UidRoot + "2.32")
            .Add(0x00020035, "OB", Mark).Add(0x00020100, "UI", Canary.UidRoot + "2.100")
            .Add(0x00020102, "OB", Mark + "PRIVATE INFO").Body();
        var preamble = Encoding.ASCII.GetBytes((Mark + "PREAMBLE").PadRight(128));
        return [.. preamble, .. "DICM"u8, .. new Part10File().Add(0x00020000, "UL", BitConverter.GetBytes(meta.Length)).Body(), .. meta,
            .. plain.AsSpan(Part10File.Head(file.Syntax).Length)];
    }
}
