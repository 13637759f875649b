using System.Globalization;
using Aegis.Dicom.Patient;

namespace Aegis.Tests.Dicom.Patients;

/// <summary>A thousand people, all born on one day, and two hundred pairs that hospitals confuse: none matches another.</summary>
public sealed class PatientPropertyTests
{
    private const string Born = "20010203";

    // All names differ, many of them by one letter or one mark.
    private static readonly string[] Families =
    [
        "Doe", "Dow", "Roe", "Smith", "Smyth", "Schmidt", "Schmitt", "MUELLER", "MULLER", "Bauer", "Baur", "Strauss", "Straus",
        "Sørensen", "Sorenson",
        "Wałęsa", "Nguyễn", "Nguyệt", "Trần", "Đặng", "Işık", "Işıklı", "Þorsson", "Torsson", "García", "Garza", "O'Brien", "Bryan",
        "van den Berg", "Vandenbergh",
        "Иванов", "Иванова", "Παπάς", "Παππάς", "山田", "山口", "김", "ดี", "ดู", "محمود",
    ];

    private static readonly string[] Givens =
    [
        "Jane", "Janet", "Jan", "John", "Jon", "Joan", "Joanne", "Michael", "Michal", "Hùng", "Hưng", "Baby A", "Baby B", "Baby Girl",
        "Newborn 1", "Newborn 2",
        "Mohammed", "Mohammed Ali", "Maria", "Maria José", "Twin I", "Twin II", "Łukasz", "Søren", "Zoë",
    ];

    private static readonly (string Family, string Given)[] People = [.. Families.SelectMany(f => Givens.Select(g => (f, g)))];

    [Fact]
    public void No_two_of_a_thousand_people_match()
    {
        People.Should().HaveCount(1000);
        var files = People.Select(p => new PatientIdentity(p.Family, p.Given, Born)).ToArray();
        List<string> wrong = [];

        for (var i = 0; i < files.Length; i++)
            for (var j = 0; j < People.Length; j++)
                if ((files[i].Matches(People[j].Family, People[j].Given, Born) is PatientMatch.Match) != (i == j))
                    wrong.Add($"{People[i]} {People[j]}");

        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData("upper case")]
    [InlineData("lower case")]
    [InlineData("decomposed")]
    [InlineData("without marks")]
    [InlineData("one value")]
    public void Every_person_matches_in_other_spellings(string how)
    {
        foreach (var (family, given) in People)
        {
            var name = PersonName.Parse(Respell(how, family, given));

            new PatientIdentity(name.Family, name.Given, Born).Matches(family, given, Born)
                .Should().Be(PatientMatch.Match, $"{family}, {given} {how}");
        }
    }

    [Fact]
    public void Two_hundred_pairs_of_twins_newborns_parents_and_children_differ()
    {
        var pairs = Pairs().ToList();

        pairs.Should().HaveCount(200);
        foreach (var (one, other) in pairs)
        {
            one.IsAnotherThan(other)
                .Should().BeTrue($"{one.FamilyName} {one.GivenName} {one.BirthDate}, {other.GivenName} {other.BirthDate}");
            one.Matches(other.FamilyName!, other.GivenName!, other.BirthDate!).Should().Be(PatientMatch.Mismatch);
        }
    }

    private static IEnumerable<(PatientIdentity One, PatientIdentity Other)> Pairs()
    {
        (string, string)[] twins =
        [
            ("Jane", "Joan"), ("Anna", "Anne"), ("Jane A", "Jane B"), ("Jane", "Jane B"), ("Jane 1", "Jane 2"), ("Jane I", "Jane II"),
            ("Boy", "Boy 2"),
            ("Baby A", "Baby B"), ("BabyBoy A", "BabyBoy B"), ("Baby Girl 1", "Baby Girl 2"), ("Twin A", "Twin B"), ("TwinA", "TwinB"),
            ("Infant Boy", "Infant Girl"),
            ("BB", "BG"), ("Male", "Female"), ("Unknown", "Unknown 2"), ("Newborn One", "Newborn Two"), ("Jean-Paul", "Jean-Luc"),
            ("Anna Maria", "Anna Lena"),
            ("Mohammed Ali", "Mohammed Amin"), ("Mohammad", "Mohammad Reza"), ("Md Rahim", "Md Karim"), ("Maria Inês", "Maria"),
            ("Hùng", "Hưng"), ("Min-Jun", "Min-Seo"),
        ];
        foreach (var family in (string[])["Doe", "Müller", "Nguyễn", "Khan"])
            foreach (var (one, other) in twins)
                yield return (new(family, one, Born), new(family, other, Born));

        (string, string)[] generations = [("Doe", "Doe"), ("Doe Sr", "Doe Jr"), ("Doe", "Doe III"), ("Müller", "Mueller"), ("山田", "山田")];
        for (var i = 0; i < 20; i++)
        {
            var birth = new DateOnly(1950 + i, 1 + i % 12, 1 + i);
            foreach (var (parent, child) in generations)
                yield return (new(parent, Givens[i], Digits(birth)), new(child, Givens[i], Digits(birth.AddYears(20 + i))));
        }
    }

    private static string Respell(string how, string family, string given) => how switch
    {
        "upper case" => $"{family}^{given}".ToUpperInvariant(),
        "lower case" => $"{family}^{given}".ToLowerInvariant(),
        "decomposed" => $"{family}^{given}".Normalize(NormalizationForm.FormD),
        "without marks" => string.Concat($"{family}^{given}".Normalize(NormalizationForm.FormD).Where(c => c is < '\u0300' or > '\u036F')),
        _ => $"{family}, {given}",
    };

    private static string Digits(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
