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
