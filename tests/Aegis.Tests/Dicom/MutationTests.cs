using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

public sealed class MutationTests
{
    private const int Mutations = 2000; // per syntax; the same ones in every run
    private static readonly byte[] Telling = [0x00, 0x01, 0x02, 0x08, 0x10, 0x28, 0x7F, 0x80, 0xE0, 0xFE, 0xFF];

    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    [InlineData(Part10File.Jpeg)]
    public async Task A_damaged_file_gives_a_readable_result_or_a_clear_error(string syntax)
    {
        var original = Sample(syntax).ToBytes();
        var options = new DeidentificationOptions { Dates = DateTreatment.Shift, CleanDescriptors = true, KeepSafePrivate = true, KeepPatientCharacteristics = true };
        var (results, errors) = (0, 0);
        var chance = 2463534242u;

        for (var i = 0; i < Mutations; i++)
        {
            var damaged = (byte[])original.Clone();
            for (var hits = 1 + Next(ref chance) % 4; hits > 0; hits--)
                damaged[132 + Next(ref chance) % (damaged.Length - 132)] = Telling[Next(ref chance) % Telling.Length];
            try
            {
                await Deidentified.From(damaged, options); // which reads the result again
                results++;
            }
            catch (DicomException)
            {
                errors++;
            }
        }

        results.Should().BeGreaterThan(Mutations / 20);
        errors.Should().BeGreaterThan(Mutations / 20);
    }

    private static Part10File Sample(string syntax)
    {
        var file = Part10File.Minimal(syntax)
            .Add(0x00080005, "CS", "ISO_IR 192").Add(0x00080020, "DA", "20240517").Add(0x00080060, "CS", "CT").Add(0x00081030, "LO", "CT CHEST")
            .Add(0x00100010, "PN", "DOE^JANE").Add(0x00100030, "DA", "19710305").Add(0x00101010, "AS", "053Y")
            .Add(0x00190010, "LO", "SIEMENS MR HEADER").Add(0x0019100C, "IS", "1000")
            .Add(0x00280010, "US", [4, 0]).Add(0x00280301, "CS", "NO").Add(0x0040A160, "UT", "text");
        var code = file.Item().Add(0x00080100, "SH", "113040").Add(0x00080102, "SH", "DCM").Add(0x00080104, "LO", "Lossy");
        file.OpenSequence(0x00081140, file.Item().Add(0x00081155, "UI", "1.2.3").OpenSequence(0x0040A170, code))
            .Sequence(0x00082218, code).OpenSequence(0x00089215, code, code);
        return syntax == Part10File.Jpeg ? file.Fragments([], [1, 2, 3, 4], [5, 6]) : file.Add(0x7FE00010, "OW", new byte[32]);
    }

    private static int Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return (int)(state >> 1);
    }
}
