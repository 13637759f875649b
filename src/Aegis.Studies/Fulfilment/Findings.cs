using Aegis.Kernel.Validation;

namespace Aegis.Studies.Fulfilment;

/// <summary>What a provider may confirm, having looked: each refuses an upload unless it was confirmed.</summary>
internal static class Findings
{
    public const string PatientMismatch = "patient_mismatch";
    public const string PatientUnverifiable = "patient_unverifiable";
    public const string PixelPhiRisk = "pixel_phi_risk";

    public static readonly IReadOnlyList<string> All = [PatientMismatch, PatientUnverifiable, PixelPhiRisk];

    /// <summary>The codes of <c>?confirm=</c>, checked.</summary>
    public static IReadOnlySet<string> Confirmed(string[]? codes)
    {
        var confirmed = (codes ?? []).ToHashSet(StringComparer.Ordinal);
        if (!confirmed.IsSubsetOf(All)) throw Invalid.Field("confirm", $"confirm must be one of {string.Join(", ", All)}.");
        return confirmed;
    }
}
