namespace Aegis.Dicom.Deidentification;

/// <summary>What happens to the dates that PS3.15 table E.1-1 lets an option keep.</summary>
public enum DateTreatment
{
    /// <summary>Dates are removed, emptied or replaced by a dummy, as the Basic Profile says.</summary>
    Remove,

    /// <summary>The year stays: 20240517 becomes 20240101. Times of day are removed.</summary>
    Year,

    /// <summary>All dates of a patient move back by the same secret number of days. Times of day stay.</summary>
    Shift,
}

/// <summary>
/// Options of the Basic Application Level Confidentiality Profile (PS3.15 annex E). The default is the profile itself.
/// </summary>
public sealed record DeidentificationOptions
{
    /// <summary>Clean Descriptors: descriptions keep the words of a fixed technical vocabulary and lose all others.</summary>
    public bool CleanDescriptors { get; init; }

    /// <summary>Retain Longitudinal Temporal Information with Modified Dates, unless <see cref="DateTreatment.Remove"/>.</summary>
    public DateTreatment Dates { get; init; } = DateTreatment.Remove;

    /// <summary>Retain Device Identity.</summary>
    public bool KeepDevice { get; init; }

    /// <summary>Retain Patient Characteristics: age (at most 090Y), sex, size, weight and the like.</summary>
    public bool KeepPatientCharacteristics { get; init; }

    /// <summary>Retain UIDs.</summary>
    public bool KeepUids { get; init; }

    /// <summary>Retain Safe Private: numbers of known vendors, recognised by the private creator.</summary>
    public bool KeepSafePrivate { get; init; }

    /// <summary>Retain Institution Identity.</summary>
    public bool KeepInstitution { get; init; }

    /// <summary>A person has checked the pixels, so a pixel risk no longer forbids Patient Identity Removed = YES.</summary>
    public bool PixelsVerified { get; init; }
}
