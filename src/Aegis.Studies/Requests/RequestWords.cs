using System.Text.Json;

namespace Aegis.Studies.Requests;

/// <summary>Why the consumer needs the study, after the HL7 value set PurposeOfUse (v3).</summary>
internal enum PurposeOfUse
{
    /// <summary>TREAT: treatment of the patient.</summary>
    Treatment,

    /// <summary>HPAYMT: payment for care.</summary>
    Payment,

    /// <summary>HOPERAT: operation of a care provider.</summary>
    Operations,

    /// <summary>HQUALIMP: improvement of quality.</summary>
    Quality,

    /// <summary>HRESCH: research.</summary>
    Research,

    /// <summary>PUBHLTH: public health.</summary>
    PublicHealth,

    /// <summary>PATRQT: the patient asked for it.</summary>
    PatientRequest,

    /// <summary>HLEGAL: a legal duty.</summary>
    Legal,

    /// <summary>TRAIN: training of people.</summary>
    Training,

    /// <summary>Reading by software, and the making of such software; HL7 has no word for it yet.</summary>
    AiReview,
}

/// <summary>Why a provider sends nothing.</summary>
internal enum DeclineReason { NoMatch, AmbiguousMatch, NoConsent, NotPartner, Other }

/// <summary>Enum members as they are written on the wire.</summary>
internal static class WireWords
{
    public static string Word<TEnum>(this TEnum value)
        where TEnum : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Finds the member that is written as this word.</summary>
    public static TEnum? Find<TEnum>(string word)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(v => v.Word() == word).Select(v => (TEnum?)v).FirstOrDefault();

    public static string List<TEnum>()
        where TEnum : struct, Enum =>
        string.Join(", ", Enum.GetValues<TEnum>().Select(v => v.Word()));
}
