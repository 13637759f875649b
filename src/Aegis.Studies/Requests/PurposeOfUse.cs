using System.Text.Json;

namespace Aegis.Studies.Requests;

/// <summary>The purpose for which the consumer needs the study, based on the HL7 value set PurposeOfUse (v3).</summary>
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

    /// <summary>Analysis by software, and development of that software. HL7 has no code for it yet.</summary>
    AiReview,
}

/// <summary>Why a provider declines a request.</summary>
internal enum DeclineReason { NoMatch, AmbiguousMatch, NoConsent, NotPartner, Other }
