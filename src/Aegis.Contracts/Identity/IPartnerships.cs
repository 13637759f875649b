namespace Aegis.Contracts.Identity;

/// <summary>
/// Checks whether two organizations may exchange studies.
/// The Auth module implements the interfaces of this folder and raises its events. Other modules ask <see cref="IKeyDirectory"/> if a
/// credential is still valid, <see cref="IUserRights"/> what a user may do, and <see cref="IRecentSignIn"/> if a person has just signed in.
/// <see cref="IFounding"/> is for the host's <c>platform init</c>. They handle the events through the relay. <see cref="Scopes"/> has the
/// names of scopes.
/// </summary>
public interface IPartnerships
{
    /// <summary>
    /// Returns the active partnership of the two with valid business associate agreements; otherwise null, whatever the reason.
    /// </summary>
    Task<PartnershipTerms?> Find(string consumerId, string providerId, CancellationToken ct);
}

/// <summary>The terms that two partners agreed on.</summary>
/// <param name="Id">Partnership id, <c>prt_…</c>.</param>
/// <param name="Deidentification">How the provider's studies are de-identified for this consumer.</param>
public sealed record PartnershipTerms(string Id, DeidentificationPolicy Deidentification);

/// <summary>The options of DICOM PS3.15 annex E that the partners agreed on. The default is the basic profile.</summary>
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

/// <summary>
/// What happens to dates: they are removed, cut to the year, or shifted by a number of days that is fixed for patient and consumer.
/// </summary>
public enum DatePolicy { Remove, Year, Shift }
