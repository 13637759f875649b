namespace Aegis.Dicom.Synthetic;

/// <summary>What a synthetic study contains. Equal specs give equal bytes.</summary>
public sealed record SyntheticStudySpec
{
    /// <summary>PN: family^given (PS3.5 6.2.1). Written in UTF-8.</summary>
    public required string PatientName { get; init; }

    public required string PatientId { get; init; }

    /// <summary>YYYYMMDD.</summary>
    public required string BirthDate { get; init; }

    /// <summary>F, M or O.</summary>
    public string Sex { get; init; } = "O";

    /// <summary>CT or MR.</summary>
    public string Modality { get; init; } = "CT";

    /// <summary>Defined term of Body Part Examined (PS3.16 annex L).</summary>
    public string BodyPart { get; init; } = "CHEST";

    public int Series { get; init; } = 1;

    public int InstancesPerSeries { get; init; } = 1;

    public int Rows { get; init; } = 256;

    public int Columns { get; init; } = 256;

    /// <summary>YYYYMMDD.</summary>
    public string StudyDate { get; init; } = "20240517";

    /// <summary>Implicit instead of explicit VR little endian.</summary>
    public bool ImplicitVr { get; init; }

    /// <summary>Determines the UIDs and the noise in the pictures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The patient of the walkthrough: two series of a chest CT.</summary>
    public static SyntheticStudySpec JaneDoe { get; } = new()
    {
        PatientName = "DOE^JANE",
        PatientId = "MRN-0042",
        BirthDate = "19710305",
        Sex = "F",
        Series = 2,
        InstancesPerSeries = 12,
        Seed = 42,
    };
}
