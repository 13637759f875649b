using System.Security.Cryptography;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// The patient's name within a pair of organizations: the same in every study, unlinkable across pairs. It derives from the patient key
/// of the file, never from how a request spells the name. Splitting one patient is a nuisance, merging two is dangerous, so a weak key
/// gives a pseudonym for fewer studies.
/// </summary>
/// <param name="Text"><c>P-</c> and sixteen Crockford characters. Written to Patient ID and family name.</param>
/// <param name="Warning">A code of <see cref="InstanceWarning"/> when the pseudonym does not derive from the patient's number.</param>
internal sealed record Pseudonym(string Text, string? Warning)
{
    /// <summary>Bytes of <see cref="Text"/>.</summary>
    public const int Length = 18;

    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int MinIdCharacters = 4;

    public static Pseudonym Of(ReadOnlySpan<byte> pairSecret, SourceFacts facts)
    {
        if (IsNumber(facts.PatientId) && !Fillers.Has(facts.Decode(Encoding.Latin1.GetBytes(facts.PatientId))))
            return new(Keyed(pairSecret, "id", facts.IssuerOfPatientId, facts.PatientId, facts.BirthDate), null);
        var (family, given) =
            (PatientIdentity.Fold(facts.Patient.FamilyName ?? ""), PatientIdentity.Fold(FirstGiven(facts.Patient.GivenName)));
        if (family.Length > 0 && given.Length > 0 && facts.Patient.BirthDate is not null)
            return new(Keyed(pairSecret, "name", family, given, facts.BirthDate, facts.PatientSex), InstanceWarning.PseudonymByName);
        // Nothing identifies the patient: the pseudonym is for this study only, so that no two patients are merged.
        return new(Keyed(pairSecret, "study", facts.StudyInstance), InstanceWarning.PseudonymByStudy);
    }

    private static bool IsNumber(string id)
    {
        var characters = string.Concat(id.ToUpperInvariant().Where(char.IsLetterOrDigit));
        return id.Length >= MinIdCharacters && characters.Length > 0 && characters.Distinct().Count() > 1;
    }

    private static string FirstGiven(string? given) => given?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";

    // Uses a different hash from the UID map, so that no crafted UID yields this digest. Length prefixes keep the parts apart.
    private static string Keyed(ReadOnlySpan<byte> pairSecret, params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder("patient");
        foreach (var part in parts) text.Append('\0').Append(part.Length).Append('\0').Append(part);
        var digest = HMACSHA512.HashData(pairSecret, Encoding.UTF8.GetBytes(text.ToString()));
        var number = BinaryPrimitives.ReadUInt128BigEndian(digest);
        return string.Create(Length, number, static (to, bits) =>
        {
            "P-".CopyTo(to);
            for (var i = 2; i < to.Length; i++, bits >>= 5) to[i] = Crockford[(int)(bits & 31)];
        });
    }
}
