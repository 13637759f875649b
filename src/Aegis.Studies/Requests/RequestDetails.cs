using System.Globalization;
using System.Text;
using System.Text.Json;
using Aegis.Dicom.Patient;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Requests;

/// <summary>The patient as named in the request. Never logged; prints as three stars.</summary>
internal sealed record Patient(string LastName, string FirstName, DateOnly Dob)
{
    /// <summary>The date of birth in the format of DICOM.</summary>
    public string DicomBirthDate => Dob.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public override string ToString() => "***";
}

/// <summary>Describes the requested study. Each member narrows the choice.</summary>
internal sealed record StudySelector(
    string? Modality = null,
    string? BodyPart = null,
    string? AccessionNumber = null,
    string? StudyInstanceUid = null,
    DateOnly? DateFrom = null,
    DateOnly? DateTo = null)
{
    public override string ToString() => "***";
}

/// <summary>The part of a request that may identify a person. The database stores it sealed only.</summary>
internal sealed record RequestDetails(Patient Patient, string Reason, StudySelector? Study)
{
    public override string ToString() => "***";
}

/// <summary>The stored form of a request's details.</summary>
internal sealed record SealedRequest(byte[] Details, string PatientFingerprint);

/// <summary>The purpose and the window that the consumer asks for.</summary>
internal sealed record RequestTerms(PurposeOfUse? PurposeOfUse, int WindowHours, int? MaxViews);

/// <summary>Seals the details of requests and opens them again.</summary>
internal sealed class RequestSeal(SealedBox box, RootSecret root)
{
    private readonly Lazy<byte[]> fingerprintKey = new(() => root.Derive("patient-fingerprint"));

    public SealedRequest Seal(string requestId, RequestDetails details) =>
        new(box.Seal(JsonSerializer.SerializeToUtf8Bytes(details), Details(requestId)), Fingerprint(details.Patient));

    /// <summary>The details, or null once they are shredded.</summary>
    public RequestDetails? Open(StudyRequest request)
    {
        if (request.SealedDetails is null) return null;
        var plain = box.Open(request.SealedDetails, Details(request.Id));
        try
        {
            return JsonSerializer.Deserialize<RequestDetails>(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public byte[]? SealNote(string requestId, string? note) => string.IsNullOrEmpty(note) ? null : box.SealText(note, Note(requestId));

    public string? OpenNote(StudyRequest request) =>
        request.SealedNote is null ? null : box.OpenText(request.SealedNote, Note(request.Id));

    /// <summary>Equal for spellings of a name that count as the same patient. Reveals nothing without the key ring.</summary>
    private string Fingerprint(Patient patient)
    {
        var text = $"{PatientIdentity.Fold(patient.LastName)}\n{PatientIdentity.Fold(patient.FirstName)}\n{patient.DicomBirthDate}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(fingerprintKey.Value, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The key for the ids of findings. The same upload for the same request gets the same ids.</summary>
    public byte[] FindingKey(string requestId) => root.Derive($"findings {requestId}");

    public static SealedFor Details(string requestId) => new("studies.requests", requestId);

    public static SealedFor Note(string requestId) => new("studies.requests.note", requestId);
}
