using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;
using FsCheck;
using FsCheck.Fluent;

namespace Aegis.Tests.Dicom;

/// <summary>Properties that are true for any data set. The seed is fixed, so that a failure can be repeated.</summary>
public sealed class PropertyTests
{
    private static readonly Config Pinned = Config.QuickThrowOnFailure.WithMaxTest(120).WithReplay(20_260_101, 7);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Kept_values_are_the_same_byte_for_byte_and_nothing_is_added() => ForAll(async (set, options) =>
    {
        var result = await Deidentified.From(set.In(Part10File.Explicit), options);

        var expected = new Dictionary<string, (Treatment Treatment, RandomElement Element)>();
        Expect(expected, set.Elements, "", new AttributePolicy(options));
        foreach (var (path, (treatment, element)) in expected)
        {
            var padded = element.Value.Length % 2 == 0 ? element.Value : [.. element.Value, element.Vr.Padding()];
            if (treatment is Treatment.Bulk || (treatment is Treatment.Number && Fits(element)))
                result.Values.Should().ContainKey(path).WhoseValue.Should().Equal(padded, path);
            else if (treatment is Treatment.Number or Treatment.Remove) result.Values.Should().NotContainKey(path);
            else if (treatment is Treatment.Grammar or Treatment.Text && element.Vr is not Vr.AS
                && result.Values[path] is { Length: > 0 } kept
                && (treatment is Treatment.Text || ValueGrammar.Accepts(element.Vr, element.Value))) kept.Should().Equal(padded, path);
        }
        result.Values.Keys.Where(x => !expected.ContainsKey(x)).Should().OnlyContain(
            x => x.StartsWith("0012,006", StringComparison.Ordinal) || x == "0010,0010" || x == "0010,0020" || x == "0028,0303"
                || (options.KeepSafePrivate && x.Contains("0019,10", StringComparison.Ordinal))
                || (options.KeepSafePrivate && x.EndsWith("0019,0010", StringComparison.Ordinal)));
        result.Contains("NEEDLE").Should().BeFalse();
    });

    [Fact]
    public void The_transfer_syntax_of_the_source_makes_no_difference() => ForAll(async (set, options) =>
    {
        var result = await Deidentified.From(set.In(Part10File.Explicit), options);

        (await Deidentified.From(set.In(Part10File.BigEndian), options)).Bytes.AsSpan().SequenceEqual(result.Bytes).Should().BeTrue();
        (await Deidentified.From(set.In(Part10File.Deflated), options)).Bytes.AsSpan().SequenceEqual(result.Bytes).Should().BeTrue();
        (await Deidentified.From(set.In(Part10File.Implicit), options)).Values.Should().BeEquivalentTo(result.Values);
    });

    [Fact]
    public void A_second_application_changes_nothing_but_mapped_UIDs_and_shifted_dates() => ForAll(async (set, options) =>
    {
        var once = await Deidentified.From(set.In(Part10File.Explicit), options);
        var twice = await Deidentified.From(once.Bytes, options);

        twice.Values.Keys.Should().Equal(once.Values.Keys);
        twice.Values.Where(x => !x.Value.AsSpan().SequenceEqual(once.Values[x.Key]) && !MayChange(x.Key, options)).Should().BeEmpty();
    });

    [Fact]
    public void References_between_UIDs_stay_valid() => ForAll(async (set, options) =>
    {
        var result = await Deidentified.From(set.In(Part10File.Explicit), options);

        var expected = new Dictionary<string, (Treatment Treatment, RandomElement Element)>();
        Expect(expected, set.Elements, "", new AttributePolicy(options));
        var mapped = new Dictionary<string, string>();
        foreach (var (path, (treatment, element)) in expected)
        {
            if (treatment is not Treatment.Remap || element.Value.Length == 0) continue;
            var (from, to) = (Encoding.ASCII.GetString(element.Value).TrimEnd('\0'), result[path]!);
            var stays = options.KeepUids || UidRegistry.Has(element.Tag, from);
            (to == from).Should().Be(stays, path);
            if (stays) continue;
            mapped.TryAdd(from, to);
            to.Should().Be(mapped[from], path);
        }
        mapped.Values.Should().OnlyHaveUniqueItems();
        result.Report.SopInstanceUid.Should().Be(result["0008,0018"]);
        result.Report.StudyUid.Should().Be(result["0020,000D"]);
    });

    private static void ForAll(Func<RandomDataSet, DeidentificationOptions, Task> property) =>
        Prop.ForAll(Seeds, seed => property(new RandomDataSet((ulong)seed), Options(new Seeded((ulong)seed + 1))).GetAwaiter().GetResult())
            .Check(Pinned);

    private static DeidentificationOptions Options(Seeded random) => new()
    {
        CleanDescriptors = random.Below(2) == 0,
        Dates = (DateTreatment)random.Below(3),
        KeepDevice = random.Below(2) == 0,
        KeepPatientCharacteristics = random.Below(2) == 0,
        KeepUids = random.Below(3) == 0,
        KeepSafePrivate = random.Below(2) == 0,
        KeepInstitution = random.Below(2) == 0,
    };

    // Every attribute that is reached, with its treatment. Children of sequences that are not entered are missing.
    private static void Expect(
        Dictionary<string, (Treatment, RandomElement)> expected, IEnumerable<RandomElement> level, string around, AttributePolicy policy)
    {
        foreach (var element in level)
        {
            var path = $"{around}{element.Tag >> 16:X4},{element.Tag & 0xFFFF:X4}";
            var treatment = policy.Decide(element.Tag, element.Vr, DataDictionary.Find(element.Tag));
            if (Tags.IsPrivate(element.Tag)) continue;
            expected.Add(path, (treatment, element));
            if (treatment is not Treatment.Descend) continue;
            for (var i = 0; i < element.Items!.Count; i++) Expect(expected, element.Items[i], $"{path}/{i}/", policy);
        }
    }

    private static bool Fits(RandomElement element)
    {
        var max = DataDictionary.Find(element.Tag)!.MaxValues;
        return max == 0 || element.Value.Length <= max * element.Vr.Width();
    }

    // Values that show a pixel risk may have been dropped in the first application.
    private static bool MayChange(string path, DeidentificationOptions options) => path == "0012,0062" ||
        DataDictionary.Find(Convert.ToUInt32(path[^9..].Replace(",", "", StringComparison.Ordinal), 16))?.Vr switch
        {
            Vr.UI => !options.KeepUids,
            Vr.DA or Vr.DT => options.Dates is DateTreatment.Shift,
            Vr.PN or Vr.LO => path is "0010,0010" or "0010,0020", // a pseudonym is treated as a patient number
            _ => false,
        };
}
