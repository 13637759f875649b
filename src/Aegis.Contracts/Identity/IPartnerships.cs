namespace Aegis.Contracts.Identity;

/// <summary>Asks who may exchange studies with whom.</summary>
public interface IPartnerships
{
    /// <summary>
    /// The active partnership of the two with valid business associate agreements, or null for every reason there may be none.
    /// </summary>
    Task<PartnershipTerms?> Find(string consumerId, string providerId, CancellationToken ct);
}

/// <summary>What two partners agreed on.</summary>
/// <param name="Id">prt_….</param>
/// <param name="Deidentification">How the provider's studies are de-identified for this consumer.</param>
public sealed record PartnershipTerms(string Id, DeidentificationPolicy Deidentification);

/// <summary>Options of DICOM PS3.15 annex E that the partners agreed on; the default is the basic profile.</summary>
/// <param name="Dates">What happens to dates.</param>
/// <param name="CleanDescriptors">Keep descriptors that a reviewed list allows (113105).</param>
/// <param name="RetainDevice">Keep device identity (113109).</param>
/// <param name="RetainPatientCharacteristics">Keep age, sex, size and weight (113108).</param>
/// <param name="RetainUids">Keep UIDs (113110).</param>
/// <param name="RetainSafePrivate">Keep private attributes known to be safe (113111).</param>
/// <param name="RetainInstitution">Keep institution identity (113112).</param>
public sealed record DeidentificationPolicy(
    DatePolicy Dates = DatePolicy.Remove,
    bool CleanDescriptors = false,
    bool RetainDevice = false,
    bool RetainPatientCharacteristics = false,
    bool RetainUids = false,
    bool RetainSafePrivate = false,
    bool RetainInstitution = false);

/// <summary>What happens to dates: removed, cut to the year, or shifted by a number of days fixed for patient and consumer.</summary>
public enum DatePolicy { Remove, Year, Shift }
