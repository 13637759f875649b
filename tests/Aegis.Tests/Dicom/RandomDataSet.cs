using System.Globalization;
using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Dicom;

/// <summary>One attribute of a random data set: a value in little endian, or items.</summary>
internal sealed record RandomElement(
    uint Tag, Vr Vr, byte[] Value, IReadOnlyList<IReadOnlyList<RandomElement>>? Items = null, bool IsOpen = false);

/// <summary>Makes data sets of any attributes at any depth, and encodes them with the same content in any syntax.</summary>
internal sealed class RandomDataSet
{
    private const int MaxDepth = 5;
    private static readonly uint[] Required = [0x00080016, 0x00080018, 0x0020000D, 0x0020000E];

    private static readonly uint[] Written =
        [Tags.IdentityRemoved, Tags.DeidentificationMethod, Tags.DeidentificationCodes, Tags.TemporalModified];

    // These have their own tests: group lengths, the de-identification statement, the character set, patient names, pixels and their
    // description.
    private static readonly (uint Tag, AttributeEntry Entry)[] Known = [.. DataDictionary.All
        .Where(x => x.Key >= 0x00080001 && !Tags.IsGroupLength(x.Key) && x.Key < 0x7FE00000
            && x.Key is not (Tags.CharacterSet or Tags.Modality or Tags.PatientName or Tags.PatientId)
            && !NeededValues.Contains(x.Key) && !LookupTables.IsData(x.Key) && !WaveformFacts.IsSample(x.Key)
            && !WaveformFacts.IsData(x.Key) && x.Key is not Tags.SpectroscopyData
            && !AllowLists.KeepsWords(x.Key) && !Required.Contains(x.Key) && !Written.Contains(x.Key))
        .OrderBy(x => x.Key).Select(x => (x.Key, x.Value))];

    private static readonly (uint Tag, AttributeEntry Entry)[] Sequences = [.. Known.Where(x => x.Entry.Vr is Vr.SQ)];
    private static readonly string[] Uids =
        ["1.2.3.4.5", "1.2.3.4.6", "1.2.826.0.1.3680043.8.498.1", "2.25.17", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"];

    private readonly Seeded random;

    public RandomDataSet(ulong seed)
    {
        random = new(seed);
        Elements = Level(depth: 0);
    }

    public IReadOnlyList<RandomElement> Elements { get; }

    public Part10File In(string syntax) => Encode(Elements, syntax);

    private static Part10File Encode(IEnumerable<RandomElement> elements, string syntax)
    {
        var file = new Part10File(syntax);
        foreach (var element in elements)
        {
            if (element.Items is null)
                file.Add(element.Tag, element.Vr.ToString(), syntax == Part10File.BigEndian ? Swapped(element) : element.Value);
            else if (element.IsOpen) file.OpenSequence(element.Tag, [.. element.Items.Select(x => Encode(x, syntax))]);
            else file.Sequence(element.Tag, [.. element.Items.Select(x => Encode(x, syntax))]);
        }
        return file;
    }

    private static byte[] Swapped(RandomElement element)
    {
        var (turned, width) = ((byte[])element.Value.Clone(), element.Vr.SwapWidth());
        for (var i = 0; i + width <= turned.Length; i += width) turned.AsSpan(i, width).Reverse();
        return turned;
    }

    private List<RandomElement> Level(int depth)
    {
        var level = new SortedDictionary<uint, RandomElement>();
        if (depth == 0)
            foreach (var tag in Required) level[tag] = new(tag, Vr.UI, Uid());
        if (depth > 0 && random.Below(5) == 0) AddCode(level);
        for (var count = random.Below(depth == 0 ? 40 : 8); count > 0; count--)
        {
            var (tag, entry) = Known[random.Below(Known.Length)];
            if (entry.Vr is not Vr.SQ) level.TryAdd(tag, Element(tag, entry));
        }
        for (var count = depth == MaxDepth ? 0 : random.Below(depth == 0 ? 6 : 2); count > 0; count--)
        {
            var tag = Sequences[random.Below(Sequences.Length)].Tag;
            level.TryAdd(tag, Sequence(tag, depth));
        }
        if (random.Below(3) == 0) AddPrivate(level, depth);
        if (random.Below(4) == 0) level[0x00187770] = new(0x00187770, Vr.UN, random.Bytes(2 * random.Below(20)));
        return [.. level.Values];
    }

    private RandomElement Sequence(uint tag, int depth) =>
        new(tag, Vr.SQ, [], [.. Enumerable.Range(0, random.Below(3)).Select(_ => Level(depth + 1))], random.Below(2) == 0);

    private void AddCode(SortedDictionary<uint, RandomElement> level)
    {
        level[Tags.CodeValue] = new(Tags.CodeValue, Vr.SH, "113040"u8.ToArray());
        level[Tags.CodingScheme] = new(Tags.CodingScheme, Vr.SH, random.Below(2) == 0 ? "DCM "u8.ToArray() : "99X "u8.ToArray());
        level[Tags.CodeMeaning] = new(Tags.CodeMeaning, Vr.LO, "Lossy "u8.ToArray());
    }

    private void AddPrivate(SortedDictionary<uint, RandomElement> level, int depth)
    {
        level[0x00190010] = new(0x00190010, Vr.LO, random.Below(2) == 0 ? "SIEMENS MR HEADER "u8.ToArray() : "NEEDLE"u8.ToArray());
        level[0x0019100C] = new(0x0019100C, Vr.IS, "1000"u8.ToArray());
        level[0x00191010] = new(0x00191010, Vr.LO, "NEEDLE"u8.ToArray());
        if (depth < MaxDepth) level[0x00191020] = Sequence(0x00191020, depth) with { IsOpen = true };
    }

    private RandomElement Element(uint tag, AttributeEntry entry)
    {
        var vr = entry.Vr switch { Vr.UsOrSs => Vr.US, Vr.ObOrOw or Vr.UsOrOw => Vr.OW, var definite => definite };
        return new(tag, vr, random.Below(10) == 0 ? [] : Value(vr, entry.MaxValues));
    }

    private byte[] Value(Vr vr, int maxValues)
    {
        var max = maxValues == 0 ? 4 : maxValues + (random.Below(10) == 0 ? 1 : 0);
        if (vr.Family() is VrFamily.Number) return random.Bytes(vr.Width() * random.Below(max + 1));
        if (vr.Family() is VrFamily.Bulk) return random.Bytes((vr is Vr.OB ? 1 : vr.SwapWidth()) * random.Below(60));
        return vr is Vr.UI
            ? Uid()
            : Encoding.ASCII.GetBytes(string.Join('\\', Enumerable.Range(0, 1 + random.Below(Math.Min(max, 3))).Select(_ => Text(vr))));
    }

    private byte[] Uid()
    {
        var uid = Encoding.ASCII.GetBytes(Uids[random.Below(Uids.Length)]);
        return uid.Length % 2 == 0 || random.Below(8) == 0 ? uid : [.. uid, 0]; // some stay odd
    }

    private string Text(Vr vr) => vr switch
    {
        Vr.DA =>
            new DateOnly(1900 + random.Below(130), 1 + random.Below(12), 1 + random.Below(28)).ToString(
                "yyyyMMdd", CultureInfo.InvariantCulture),
        Vr.DT =>
            new DateOnly(1900 + random.Below(130), 1 + random.Below(12), 1 + random.Below(28)).ToString(
                "yyyyMMdd'121314'", CultureInfo.InvariantCulture),
        Vr.TM => "121314.5",
        Vr.AS => $"{random.Below(110):D3}Y",
        Vr.CS => random.Below(6) == 0 ? "Lower case" : $"CODE_{random.Below(1000)}",
        Vr.DS => $"{random.Below(1000)}.{random.Below(1000)}",
        Vr.IS => $"{random.Below(100_000)}",
        Vr.PN => "DOE^JANE",
        _ => random.Below(3) == 0 ? "CT CHEST WITH CONTRAST" : new string((char)('A' + random.Below(26)), 1 + random.Below(90)),
    };
}
