namespace Aegis.Dicom.Part10;

/// <summary>Value representations (PS3.5 6.2). The last three are choices that the dictionary leaves to the file.</summary>
internal enum Vr : byte
{
    None, AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM, UC, UI, UL,
    UN, UR, US, UT, UV, UsOrSs, ObOrOw, UsOrOw,
}

/// <summary>Representations grouped by what de-identification may do with them.</summary>
internal enum VrFamily : byte { Unknown, Sequence, Text, Grammar, Date, Title, Identifier, Number, Bulk }

/// <summary>Properties of each representation, looked up by index.</summary>
internal static class VrTraits
{
    private const int Letters = 26;
    private static readonly Vr[] ByCode = BuildCodes();
    private static readonly VrFamily[] Families = BuildFamilies();

    /// <summary>None for two bytes that are not upper-case letters; UN for letters not in the standard yet (PS3.5 6.2.2).</summary>
    public static Vr Parse(byte first, byte second)
    {
        var (a, b) = ((uint)first - 'A', (uint)second - 'A');
        return a < Letters && b < Letters ? ByCode[a * Letters + b] : Vr.None;
    }

    /// <summary>The two bytes are a representation of the standard.</summary>
    public static bool IsStandard(byte first, byte second) =>
        Parse(first, second) is not Vr.None and not Vr.UN || (first, second) is ((byte)'U', (byte)'N');

    /// <summary>Has two reserved bytes and a 32-bit length in explicit VR (PS3.5 table 7.1-1).</summary>
    public static bool HasLongLength(this Vr vr) => vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.SQ
        or Vr.SV or Vr.UC or Vr.UN or Vr.UR or Vr.UT or Vr.UV;

    public static VrFamily Family(this Vr vr) => Families[(int)vr];

    /// <summary>The byte that pads an odd value to an even length (PS3.5 6.2).</summary>
    public static byte Padding(this Vr vr) => vr.Family() is VrFamily.Text or VrFamily.Grammar or VrFamily.Date or VrFamily.Title
        && vr is not Vr.UN ? (byte)' ' : (byte)0;

    /// <summary>Bytes of one binary number; 0 when the representation is not numeric.</summary>
    public static int Width(this Vr vr) => vr switch
    {
        Vr.US or Vr.SS or Vr.UsOrSs or Vr.UsOrOw => 2,
        Vr.UL or Vr.SL or Vr.FL or Vr.AT => 4,
        Vr.FD or Vr.SV or Vr.UV => 8,
        _ => 0,
    };

    /// <summary>Bytes to swap in big endian (PS3.5 7.3). UN is always little endian (6.2.2).</summary>
    public static int SwapWidth(this Vr vr) => vr switch
    {
        Vr.AT or Vr.OW => 2,
        Vr.OF or Vr.OL => 4,
        Vr.OD or Vr.OV => 8,
        _ => Math.Max(vr.Width(), 1),
    };

    private static Vr[] BuildCodes()
    {
        var codes = new Vr[Letters * Letters];
        Array.Fill(codes, Vr.UN);
        for (var vr = Vr.AE; vr <= Vr.UV; vr++)
        {
            var name = vr.ToString();
            codes[(name[0] - 'A') * Letters + name[1] - 'A'] = vr;
        }
        return codes;
    }

    private static VrFamily[] BuildFamilies()
    {
        var families = new VrFamily[(int)Vr.UsOrOw + 1];
        void Set(VrFamily family, params ReadOnlySpan<Vr> members)
        {
            foreach (var vr in members) families[(int)vr] = family;
        }
        Set(VrFamily.Sequence, Vr.SQ);
        Set(VrFamily.Text, Vr.LO, Vr.LT, Vr.PN, Vr.SH, Vr.ST, Vr.UC, Vr.UN, Vr.UR, Vr.UT);
        Set(VrFamily.Grammar, Vr.AS, Vr.CS, Vr.DS, Vr.IS);
        Set(VrFamily.Date, Vr.DA, Vr.DT, Vr.TM);
        Set(VrFamily.Title, Vr.AE);
        Set(VrFamily.Identifier, Vr.UI);
        Set(VrFamily.Number, Vr.AT, Vr.FD, Vr.FL, Vr.SL, Vr.SS, Vr.SV, Vr.UL, Vr.US, Vr.UV, Vr.UsOrSs);
        Set(VrFamily.Bulk, Vr.OB, Vr.OD, Vr.OF, Vr.OL, Vr.OV, Vr.OW, Vr.ObOrOw, Vr.UsOrOw);
        return families;
    }
}
