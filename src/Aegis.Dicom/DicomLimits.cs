namespace Aegis.Dicom;

/// <summary>What one file may cost. Pixel data is streamed and has no limit here (PS3.5 allows 4 GiB a value).</summary>
public static class DicomLimits
{
    /// <summary>Sequences inside sequences. Structured reports in the field stay below ten.</summary>
    public const int SequenceDepth = 16;

    /// <summary>A value that must be looked at whole. Explicit short forms end at 64 KiB; RT contours in implicit VR are larger.</summary>
    public const int InspectedValue = 4 << 20;

    /// <summary>Output held back until it is known whether the pixels may name the patient (0028,0301).</summary>
    public const int HeldHeader = 4 << 20;

    /// <summary>What a deflated data set may inflate to for each byte it has, beyond <see cref="InflationAllowance"/>.</summary>
    public const int InflationRatio = 100;

    /// <summary>A blank image deflates a thousandfold; as much as this may be blank.</summary>
    public const long InflationAllowance = 64L << 20;

    /// <summary>A deflated data set, inflated. Nobody deflates volumes of this size: they are compressed as pixels.</summary>
    public const long Inflated = 4L << 30;

    /// <summary>Elements of group 0002; a real one has fewer than twenty.</summary>
    public const int MetaElements = 64;

    /// <summary>A value of group 0002.</summary>
    public const int MetaValue = 64 << 10;
}
