using System.Text.RegularExpressions;

namespace Aegis.Dicom.Patient;

/// <summary>Decides when further given names may be abbreviated or missing on one side. Twins and newborns are the exceptions.</summary>
internal static partial class GivenNames
{
    // Hospitals write these for a child that has no name yet. What follows them tells twins apart.
    private static readonly FrozenSet<string> Placeholders =
        Set("BABY BABYBOY BABYGIRL BB BG BOY GIRL INFANT NEWBORN TWIN MALE FEMALE UNKNOWN");

    // First names so common that the second name identifies the person.
    private static readonly FrozenSet<string> Common = Set(
        "MOHAMMED MOHAMMAD MOHAMED MOHAMAD MOHAMMOD MOHAMMUD MOHAMUD MUHAMMAD MUHAMMED MUHAMAD MUHAMED MUHAMMET MAHOMED "
        + "MOHD MUHD MOHMD MHD MOH MD MARIA محمد МУХАММАД МУХАММЕД МОХАММЕД МОХАМЕД МАГОМЕД МАРИЯ МАРІЯ ΜΑΡΙΑ");

    public static bool MayBeShortened(IReadOnlyList<Spelling> a, IReadOnlyList<Spelling> b, bool marksCount)
    {
        if (Array.Exists([a[0].Bare, b[0].Bare], x => Placeholders.Contains(x) || Common.Contains(x))) return false;
        for (var i = 1; i < Math.Min(a.Count, b.Count); i++)
            if (!a[i].IsSame(b[i], marksCount) && !IsInitial(a[i], b[i], marksCount) && !IsInitial(b[i], a[i], marksCount)) return false;
        return !(a.Count > b.Count ? a.Skip(b.Count) : b.Skip(a.Count)).Any(IsOrdinal);
    }

    // I is not an initial of II.
    private static bool IsInitial(Spelling initial, Spelling name, bool marksCount) =>
        initial.IsInitialOf(name, marksCount) && !IsOrdinal(name);

    private static bool IsOrdinal(Spelling word) => Ordinals().IsMatch(word.Bare);

    // Twins are told apart as JANE A and JANE B, JANE 1 and JANE 2, or JANE I and JANE II.
    [GeneratedRegex(@"^(?:[A-D]|\d+|X{0,2}(?:IX|IV|V?I{0,3}))\z")]
    private static partial Regex Ordinals();

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
