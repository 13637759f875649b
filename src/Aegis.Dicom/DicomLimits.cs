namespace Aegis.Dicom;

/// <summary>Limits for one file. Pixel data is streamed and has no limit here (PS3.5 allows 4 GiB per value).</summary>
public static class DicomLimits
{
    /// <summary>Nesting depth of sequences. Structured reports in practice stay below ten.</summary>
    public const int SequenceDepth = 16;

    /// <summary>A value that is inspected as a whole. Explicit short forms end at 64 KiB; RT contours in implicit VR are larger.</summary>
    public const int InspectedValue = 4 << 20;

    /// <summary>Output held until it is known whether the pixels may identify the patient (0028,0301).</summary>
    public const int HeldHeader = 4 << 20;

    /// <summary>Inflated bytes allowed for each deflated byte, in addition to <see cref="InflationAllowance"/>.</summary>
    public const int InflationRatio = 100;

    /// <summary>A blank image deflates by a factor of a thousand. This many inflated bytes are always allowed.</summary>
    public const long InflationAllowance = 64L << 20;

    /// <summary>Size of an inflated data set. Volumes of this size are not deflated; their pixels are compressed.</summary>
    public const long Inflated = 4L << 30;

    /// <summary>Number of elements of group 0002; real files have fewer than twenty.</summary>
    public const int MetaElements = 64;

    /// <summary>Length of a value of group 0002.</summary>
    public const int MetaValue = 64 << 10;
}
