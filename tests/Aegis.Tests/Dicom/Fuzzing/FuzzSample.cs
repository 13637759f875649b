using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Dicom.Fuzzing;

/// <summary>A valid file to damage. <paramref name="Body"/> is deflated after the damage if the syntax requires it.</summary>
internal sealed record FuzzSample(string Name, byte[] Head, byte[] Body, bool IsDeflated)
{
    private static readonly string[] Syntaxes =
        [Part10File.Explicit, Part10File.Implicit, Part10File.BigEndian, Part10File.Deflated, Part10File.Jpeg];

    /// <summary>One sample of each syntax with everything that the reader treats by name, and a whole image.</summary>
    public static FuzzSample[] All { get; } = [.. Syntaxes.Select(Of), .. Syntaxes.Take(4).Select(LabelledWrongly), Image()];

    private static FuzzSample Of(string syntax) =>
        new(syntax, Part10File.Head(syntax), Everything(syntax).Body(), syntax == Part10File.Deflated);

    private static FuzzSample LabelledWrongly(string syntax) =>
        new($"{syntax} with another label", Part10File.Head(syntax == Part10File.Explicit ? Part10File.Implicit : Part10File.Explicit),
            Everything(syntax).Body(), false);

    private static FuzzSample Image()
    {
        using var file = new MemoryStream();
        new SyntheticStudy(SyntheticStudySpec.JaneDoe with { Rows = 16, Columns = 16 }).Write(file, 1, 1, default).GetAwaiter().GetResult();
        return new("image", file.ToArray()[..132], file.ToArray()[132..], false);
    }

    private static Part10File Everything(string syntax)
    {
        var file = Part10File.Minimal(syntax)
            .Add(0x00080005, "CS", @"\ISO 2022 IR 87").Add(0x00080020, "DA", "20240517").Add(0x0008002A, "DT", "20240517120000")
            .Add(0x00080030, "TM", "120000")
            .Add(0x00080060, "CS", "CT").Add(0x00081030, "LO", "CT CHEST")
            .Add(0x00100010, "PN", "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B").Add(0x00100030, "DA", "19710305")
            .Add(0x00101010, "AS", "093Y")
            .Add(0x00180050, "DS", "5.0").Add(0x00190010, "LO", "SIEMENS MR HEADER").Add(0x0019100C, "IS", "1000")
            .Add(0x00280002, "US", [1, 0]).Add(0x00280010, "US", [4, 0]).Add(0x00280103, "US", [1, 0]).Add(0x00280301, "CS", "NO")
            .Add(0x0040A160, "UT", "text").Add(0x30060050, "DS", @"1.5\2.5\3.5").Add(0x7FE00008, "OF", new byte[16]);
        var code = file.Item().Add(0x00080100, "SH", "113040").Add(0x00080102, "SH", "DCM").Add(0x00080104, "LO", "Lossy");
        var hidden = new Part10File(Part10File.Implicit).OpenSequence(
            0x00081199, new Part10File(Part10File.Implicit).Add(0x00081155, "UI", "1.2.3")).Body()[8..];
        file.OpenSequence(0x00081140, file.Item().Add(0x00081155, "UI", "1.2.3").OpenSequence(0x0040A170, code))
            .Sequence(0x00082218, code).OpenSequence(0x00089215, code, code)
            .AddRaw(0x00081199, syntax == Part10File.Implicit ? "SQ" : "UN", Part10File.Undefined, hidden)
            .OpenSequence(0x00191020, file.Item().Add(0x00191021, "LO", "DOE^JANE"));
        return syntax == Part10File.Jpeg
            ? file.Add(0x7FE00001, "OV", new byte[8]).Fragments([0, 0, 0, 0], [1, 2, 3, 4], [5, 6])
            : file.Add(0x7FE00010, "OW", new byte[64]);
    }
}
