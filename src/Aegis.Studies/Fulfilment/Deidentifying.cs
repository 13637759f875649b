using Aegis.Dicom.Deidentification;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Fulfilment;

/// <summary>Creates the de-identifier with the options that two partners agreed on.</summary>
internal sealed class Deidentifying(RootSecret root)
{
    /// <summary>The pair's secret does not change when keys rotate, so that later studies of a patient match earlier ones.</summary>
    public Deidentifier For(FulfilmentOrder order) => new(
        root.Derive($"uid-map {order.Request.ProviderId} {order.Request.ConsumerId}"),
        Options(order.Policy) with { PixelsVerified = order.Confirmations.CoverPixels },
        order.Shift.KeyOf);

    /// <summary>For reading a repeated upload, whose output is discarded.</summary>
    public static Deidentifier Discarding() => new(RandomNumberGenerator.GetBytes(32), new DeidentificationOptions());

    private static DeidentificationOptions Options(DeidentificationPolicy policy) => new()
    {
        CleanDescriptors = policy.CleanDescriptors,
        Dates = policy.Dates switch
        {
            DatePolicy.Year => DateTreatment.Year,
            DatePolicy.Shift => DateTreatment.Shift,
            _ => DateTreatment.Remove,
        },
        KeepDevice = policy.RetainDevice,
        KeepPatientCharacteristics = policy.RetainPatientCharacteristics,
        KeepUids = policy.RetainUids,
        KeepSafePrivate = policy.RetainSafePrivate,
        KeepInstitution = policy.RetainInstitution,
    };
}
