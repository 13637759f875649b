using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Dicom;

/// <summary>Puts a unique string into every attribute that could contain one. None may be found afterwards.</summary>
public sealed class CanaryTests
{
    private static readonly DeidentificationOptions AllOptionsWithoutKeptText = new()
    {
        CleanDescriptors = true,
        Dates = DateTreatment.Shift,
        KeepSafePrivate = true,
        KeepUids = true,
    };

    private static readonly KeyValuePair<uint, AttributeEntry>[] Suspects = [.. DataDictionary.All
        .Where(x => x.Key >= 0x00080000 && x.Value.Vr.Family() is not (VrFamily.Sequence or VrFamily.Number)
            && !AllowLists.KeepsText(x.Key) && !AllowLists.KeepsBulk(x.Key) && !NeededValues.Contains(x.Key))
        .OrderBy(x => x.Key)];

    [Fact]
    public void The_canaries_cover_the_dictionary()
    {
        Suspects.Count(x => x.Value.Vr.Family() is VrFamily.Text).Should().BeGreaterThan(600);
        Suspects.Should().HaveCountGreaterThan(1800);
    }

    [Theory]
    [InlineData(Part10File.Explicit, false)]
    [InlineData(Part10File.Implicit, false)]
    [InlineData(Part10File.Explicit, true)]
    [InlineData(Part10File.Implicit, true)]
    public async Task No_canary_survives_at_the_top_level(string syntax, bool options)
    {
        var file = new Part10File(syntax);
        Fill(file, x => x.Value.Vr);

        var result = await Deidentified.From(WithIdentifiers(file), options ? AllOptionsWithoutKeptText : null);

        Survivors(result).Should().BeEmpty();
    }

    [Theory]
    [InlineData(Part10File.Explicit, false)]
    [InlineData(Part10File.Implicit, true)]
    public async Task No_canary_survives_three_sequences_deep(string syntax, bool options)
    {
        var file = Part10File.Minimal(syntax);
        var item = file.Item();
        Fill(item, x => x.Value.Vr);
        for (var depth = 0; depth < 3; depth++) item = file.Item().OpenSequence(0x00081199, item);
        file.OpenSequence(0x00081115, item);

        var result = await Deidentified.From(file, options ? AllOptionsWithoutKeptText : null);

        result.Values.Keys.Should().Contain(x => x.Split('/').Length == 9);
        Survivors(result).Should().BeEmpty();
    }

    [Theory]
    [InlineData("CS")]
    [InlineData("US")]
    [InlineData("OW")]
    [InlineData("UN")]
    [InlineData("FD")]
    [InlineData("UI")]
    [InlineData("LO")]
    [InlineData("UT")]
    [InlineData("ZZ")]
    public async Task No_canary_survives_under_a_false_representation(string vr)
    {
        var file = new Part10File();
        var parsed = VrTraits.Parse((byte)vr[0], (byte)vr[1]);
        Fill(file, _ => parsed, x => x.Value.Vr.Family() is VrFamily.Text && x.Value.Vr != parsed);

        var result = await Deidentified.From(WithIdentifiers(file));

        Survivors(result).Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_canary_survives_in_preamble_meta_private_unknown_or_overlay_attributes(bool options)
    {
        var file = Part10File.Minimal()
            .Add(0x00090010, "LO", "CNRY_CREATOR")
            .Add(0x00091001, "LO", "CNRY_PRIVATE")
            .Add(0x00190010, "LO", "SIEMENS MR HEADER")
            .Add(0x00191008, "CS", "CNRY_NOTSAFE")
            .Add(0x0019100D, "CS", "cnry_lower")
            .Add(0x00230010, "LO", "SIEMENS MR HEADER CNRY")
            .Add(0x00289999, "LO", "CNRY_UNKNOWN")
            .Add(0x50003000, "OW", "CNRY_CURVE"u8.ToArray())
            .Add(0x60003000, "OW", "CNRY_OVERLAY"u8.ToArray())
            .Add(0x60024000, "LT", "CNRY_COMMENT")
            .Add(0x60FE0022, "LO", "CNRY_LAST")
            .Add(0xFFFCFFFC, "OB", "CNRY_PADDING"u8.ToArray());
        file.Sequence(0x00290010, file.Item().Add(0x00100010, "PN", "CNRY_HIDDEN"));

        var result = await Deidentified.From(file.ToBytes(preamble: "CNRY_PREAMBLE"), options ? AllOptionsWithoutKeptText : null);

        Survivors(result).Should().BeEmpty();
        result.Contains("SENDER_AE").Should().BeFalse();
        result.Contains("private information").Should().BeFalse();
    }

    [Fact]
    public async Task Text_after_a_listed_name_is_removed()
    {
        var file = Part10File.Minimal().Add(0x00190010, "LO", "SIEMENS MR HEADER".PadRight(64) + "CNRY");
        file.Sequence(0x00082218, file.Item().Add(0x00080100, "SH", "1").Add(0x00080102, "SH", "DCM".PadRight(64) + "CNRY"));

        var result = await Deidentified.From(file, AllOptionsWithoutKeptText);

        Survivors(result).Should().BeEmpty();
    }

    [Fact]
    public async Task A_modality_that_is_not_a_defined_term_is_not_reported()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080060, "CS", "CT of Jane Doe, 1971"));

        result.Report.Modality.Should().Be("OT");
        result["0008,0060"].Should().BeEmpty();
    }

    [Fact]
    public async Task The_allow_list_itself_survives()
    {
        var file = Part10File.Minimal();
        foreach (var tag in AllowLists.KeptTexts)
            file.Add(tag, DataDictionary.Find(tag)!.Vr.ToString(), AllowLists.KeepsWords(tag) ? "BONE" : "KEPT");

        var result = await Deidentified.From(file);

        AllowLists.KeptTexts.Should().OnlyContain(tag => result[Name(tag)] == (AllowLists.KeepsWords(tag) ? "BONE" : "KEPT"));
    }

    [Fact]
    public void Every_line_of_the_allow_list_names_a_text_attribute_outside_the_profile()
    {
        foreach (var row in EmbeddedTable.Rows("kept-text.tsv"))
        {
            var tag = Convert.ToUInt32(row[0], 16);
            DataDictionary.Find(tag)!.Vr.ToString().Should().Be(row[1], row[0]);
            ProfileTable.Find(tag).Should().BeNull(row[0]);
            row[2].Should().NotBeNullOrWhiteSpace();
        }
    }

    private static void Fill(
        Part10File file, Func<KeyValuePair<uint, AttributeEntry>, Vr> vr, Func<KeyValuePair<uint, AttributeEntry>, bool>? only = null)
    {
        foreach (var suspect in Suspects.Where(only ?? (_ => true)))
        {
            var declared = vr(suspect) switch { Vr.ObOrOw or Vr.UsOrOw => Vr.OW, Vr.None => Vr.UN, var x => x };
            // Lower case where upper case would be a valid code. Sixteen bytes, so that every width divides it.
            var canary = (declared is Vr.CS && suspect.Value.Vr is Vr.CS ? "cnry" : "CNRY") + $"{suspect.Key:X8}CNRY";
            file.Add(suspect.Key, declared.ToString(), Encoding.ASCII.GetBytes(canary));
        }
    }

    // The identifiers are canaries too, but UIDs must be present for mapping.
    private static byte[] WithIdentifiers(Part10File canaries)
    {
        foreach (var tag in (uint[])[0x00080016, 0x00080018, 0x0020000D, 0x0020000E])
            if (!Encoding.ASCII.GetString(canaries.Body()).Contains($"CNRY{tag:X8}", StringComparison.Ordinal))
                canaries.Add(tag, "UI", "1.2.3");
        return canaries.ToBytes();
    }

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";

    private static List<string> Survivors(Deidentified result) => [.. result.Values
        .Where(x => Encoding.ASCII.GetString(x.Value).Contains("CNRY", StringComparison.OrdinalIgnoreCase))
        .Select(x => x.Key), .. result.Contains("CNRY") ? ["somewhere in the file"] : Array.Empty<string>()];
}
