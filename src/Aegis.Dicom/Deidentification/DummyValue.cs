namespace Aegis.Dicom.Deidentification;

/// <summary>The value for action D: not empty, valid for its representation, and the same for everyone (PS3.15 E.1).</summary>
internal static class DummyValue
{
    public static ReadOnlySpan<byte> For(Vr vr) => vr switch
    {
        Vr.PN or Vr.AE => "ANONYMOUS"u8,
        Vr.LO or Vr.SH or Vr.ST or Vr.LT or Vr.UT or Vr.UC or Vr.CS => "REMOVED"u8,
        Vr.DA => "19000101"u8,
        Vr.DT => "19000101000000"u8,
        Vr.TM => "000000"u8,
        Vr.AS => "000Y"u8,
        Vr.DS or Vr.IS => "0"u8,
        Vr.UR => "urn:removed"u8,
        _ when vr.Width() is > 0 and var width => "\0\0\0\0\0\0\0\0"u8[..width],
        _ => "\0\0"u8,
    };
}
