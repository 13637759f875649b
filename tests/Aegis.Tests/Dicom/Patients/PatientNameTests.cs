using Aegis.Dicom.Patient;

namespace Aegis.Tests.Dicom.Patients;

/// <summary>Which two spellings are the same person's name, and which are two people's.</summary>
public sealed class PatientNameTests
{
    private const string Born = "19710305";

    [Theory]
    [InlineData("Doe^Jane", "DOE^JANE")]
    [InlineData("Doe^Jane", "Doe, Jane")]
    [InlineData("Doe^Jane", "DOE,JANE,MD")]
    [InlineData("Doe^Jane", "DOE JR^JANE")]
    [InlineData("Doe^John", "DOE^JOHN^^DR^JR")]
    [InlineData("Doe^John", "DOE III^JOHN")]
    [InlineData("Doe^Jane", "D'OE^JA-NE")]
    [InlineData("de la Cruz^Ana", "DELACRUZ^ANA")]
    [InlineData("O'Brien^Sean", "O\u2019BRIEN^SEAN")]
    [InlineData("Doe^Anne-Marie", "DOE^ANNE MARIE")]
    [InlineData("Doe^Anne-Marie", "DOE^ANNE^MARIE")]
    [InlineData("Müller^Jörg", "MUELLER^JOERG")]
    [InlineData("Müller^Jörg", "MULLER^JORG")]
    [InlineData("Müller^Jörg", "Mu\u0308ller^Jo\u0308rg")]
    [InlineData("Lérat-Müller^Zoé", "LÉRAT-MUELLER^ZOÉ")]
    [InlineData("Strauß^Ida", "STRAUSS^IDA")]
    [InlineData("STRAUẞ^IDA", "strauß^ida")]
    [InlineData("Sørensen^Åse", "SORENSEN^ASE")]
    [InlineData("Sørensen^Åse", "SOERENSEN^AASE")]
    [InlineData("Wałęsa^Lech", "WALESA^LECH")]
    [InlineData("Wałęsa^Lech", "Wałesa^Lech")]
    [InlineData("Đặng^Hùng", "DANG^HUNG")]
    [InlineData("Đặng^Hùng", "Đang^Hung")]
    [InlineData("Phạm^Mậu", "Phạm^Ma\u0302\u0323u")] // the same marks, written in another order
    [InlineData("Işık^Çiğdem", "ISIK^CIGDEM")]
    [InlineData("Işık^Çiğdem", "IŞIK^ÇİĞDEM")]
    [InlineData("Þorsson^Sigurður", "THORSSON^SIGURDUR")]
    [InlineData("Kjær^Lærke", "KJAER^LAERKE")]
    [InlineData("Lebœuf^José", "LEBOEUF^JOSE")]
    [InlineData("García^José", "GARCIA^José")]
    [InlineData("Παπαδόπουλος^Γιώργος", "ΠΑΠΑΔΟΠΟΥΛΟΣ^ΓΙΩΡΓΟΣ")]
    [InlineData("Соловьёв^Артём", "СОЛОВЬЕВ^АРТЕМ")]
    [InlineData("Ма\u0301рков^Никола\u0301й", "МАРКОВ^НИКОЛАЙ")]
    [InlineData("مُحَمَّد^عَلِي", "محمد^علي")]
    [InlineData("כֹּהֵן^דָּנָה", "כהן^דנה")]
    [InlineData("ＤＯＥ^ＪＡＮＥ", "DOE^JANE")]
    [InlineData("ﾔﾏﾀﾞ^ﾀﾛｳ", "ヤマダ^タロウ")]
    [InlineData("김^길동", "\u1100\u1175\u11B7^\u1100\u1175\u11AF\u1103\u1169\u11BC")]
    [InlineData("สมชาย^ดี", "สมชาย^ดี")]
    [InlineData("O'Brien^Sean", "O\u02BCBRIEN^SEAN")] // an apostrophe that counts as a letter
    [InlineData("محمد^علي", "مح\u0640مد^علي")] // stretched
    [InlineData("葛城^花", "葛\U000E0100城^花")] // a variant of the same ideograph
    [InlineData("कुमार^राम", "कु\u200Dमार^राम")] // a joiner
    [InlineData("Doe^Ana-Zoë", "DOE^ANA-\u0301ZOË")] // a mark on no letter
    public void Spellings_of_one_name_match_without_a_note(string one, string other) =>
        Compare(one, other).Should().Be((PatientMatch.Match, false));

    [Theory]
    [InlineData("Doe^Jane", "DOE^JANE M")]
    [InlineData("Doe^Jane", "DOE^JANE M.")]
    [InlineData("Doe^Jane", "DOE^JANE MARIE")]
    [InlineData("Doe^Jane", "DOE^JANE^MARIE")]
    [InlineData("Doe^Jane", "Doe, Jane Marie")]
    [InlineData("Doe^Jane Anne", "DOE^JANE A")]
    [InlineData("Doe^Jane Özlem", "DOE^JANE O")]
    [InlineData("Doe^Jane M", "DOE^JANE MARIE")]
    [InlineData("Doe^Jane Marie Louise", "DOE^JANE M")]
    public void Further_given_names_may_be_shortened_and_the_comparison_says_so(string one, string other) =>
        Compare(one, other).Should().Be((PatientMatch.Match, true));

    [Theory]
    [InlineData("ดี^สมชาย", "ดู^สมชาย")]
    [InlineData("कुमार^राम", "कमार^राम")]
    [InlineData("ハタ^ケン", "バタ^ケン")]
    [InlineData("Nguyễn^Hùng", "Nguyễn^Hưng")]
    [InlineData("Nguyễn^Điệp", "Nguyễn^Diệp")]
    [InlineData("MUELLER^JAN", "MULLER^JAN")]
    [InlineData("BAUER^JAN", "BAUR^JAN")]
    [InlineData("DOE^MICHAEL", "DOE^MICHAL")]
    [InlineData("Müller^Jan", "MUILLER^JAN")]
    [InlineData("Strauß^Ida", "STRAUS^IDA")]
    [InlineData("Чайка^Иван", "Чаика^Иван")]
    [InlineData("Ќосев^Иван", "Косев^Иван")]
    [InlineData("Doe^Jane", "DOE^JANET")]
    [InlineData("Doe^Jane", "DOE^J")]
    [InlineData("Doe^Jane", "JANE^DOE")]
    [InlineData("Doe^Jane", "DOE^MARIE JANE")]
    [InlineData("Doe^Jane Marie", "DOE^JANE LOUISE")]
    [InlineData("Doe^Jane Marie", "DOE^JANE L")]
    [InlineData("Doe^Min-Jun", "DOE^MIN")]
    [InlineData("Doe^Baby", "DOE^BABY GIRL")]
    [InlineData("Doe^Baby Boy", "DOE^BABY BOY A")]
    [InlineData("Doe^Babygirl A", "DOE^BABYGIRL B")]
    [InlineData("Doe^Twin", "DOE^TWIN^A")]
    [InlineData("Doe^Jane", "DOE^JANE A")]
    [InlineData("Doe^Jane A", "DOE^JANE B")]
    [InlineData("Doe^Jane", "DOE^JANE 2")]
    [InlineData("Doe^Jane1", "DOE^JANE2")]
    [InlineData("Doe^Jane", "DOE^JANE II")]
    [InlineData("Doe^Jane I", "DOE^JANE II")]
    [InlineData("Khan^Mohammed", "KHAN^MOHAMMED ALI")]
    [InlineData("Khan^Md", "KHAN^MD RAFIQ")]
    [InlineData("Silva^Maria", "SILVA^MARÍA JOSÉ")]
    [InlineData("خان^محمد", "خان^محمد علي")]
    public void Names_of_two_people_do_not_match(string one, string other) =>
        Compare(one, other).Should().Be((PatientMatch.Mismatch, false));

    [Fact]
    public void A_comparison_says_which_parts_differ()
    {
        var found = new PatientIdentity("DOE", "JANE", Born);

        found.Compare("Roe", "John", "19710306").Differs.Should().Equal("family_name", "given_name", "birth_date");
        found.Compare("Doe", "John", Born).Differs.Should().Equal("given_name");
        found.Compare("Doe", "Jane", "19710306").Differs.Should().Equal("birth_date");
    }

    [Theory]
    [InlineData("YAMADA^YUKI=山田^雪", "YAMADA^YUKI=山田^幸", true)]
    [InlineData("YAMADA^YUKI=山田^雪", "YAMADA^YUKI", false)]
    [InlineData("YAMADA^YUKI=山田^雪", "山田^雪", false)]
    [InlineData("YAMADA^YUKI=山田^雪", "山田^幸", true)]
    [InlineData("YAMADA^YUKI", "山田^幸", false)]
    [InlineData("DOE^JANE", "DOE^JANE M", false)]
    [InlineData("DOE^JANE", "SMITH^JOHN", true)]
    [InlineData("DOE^JANE", "", false)]
    public async Task Two_files_name_two_people_only_if_their_names_can_be_compared(string one, string other, bool two)
    {
        var (first, second) = (await Read(one), await Read(other));

        first.IsAnotherThan(second).Should().Be(two);
        second.IsAnotherThan(first).Should().Be(two);
    }

    [Theory]
    [InlineData("ISO IR 100", "DOE^JANE", "Jane")]
    [InlineData("UTF-8", "DOE^JANE", "Jane")]
    [InlineData("ISO_IR 999", "DOE^JANE\0", "Jane")]
    [InlineData("ISO_IR 13", "DOE^JANE", "Jane")]
    public async Task A_name_of_printable_ascii_is_read_whatever_the_label_says(string label, string name, string given)
    {
        var file = Part10File.Minimal().Add(0x00080005, "CS", label).Add(0x00100010, "PN", name).Add(0x00100030, "DA", Born);

        (await Deidentified.From(file)).Report.Patient.Matches("Doe", given, Born).Should().Be(PatientMatch.Match);
    }

    [Theory]
    [InlineData("UTF-8", "M\xC3\xBCller^J")]
    [InlineData("ISO IR 100", "\x1B$)C\xB1\xE8^J")]
    [InlineData("ISO IR 87", "\x1B$B;3ED\x1B(B^J")] // every byte is printable ASCII but the escapes
    public async Task A_name_beyond_ascii_is_not_guessed(string label, string name)
    {
        var file = Part10File.Minimal().Add(0x00080005, "CS", label).Add(0x00100010, "PN", Encoding.Latin1.GetBytes(name));

        (await Deidentified.From(file)).Report.Patient.FamilyName.Should().BeNull();
    }

    private static (PatientMatch Match, bool GivenNamesDiffer) Compare(string one, string other)
    {
        var (there, back) = (Found(one, other), Found(other, one));

        back.Should().BeEquivalentTo(there, "a comparison has no direction");
        return (there.Match, there.GivenNamesDiffer);
    }

    private static PatientComparison Found(string inFile, string inRequest)
    {
        var (found, asked) = (PersonName.Parse(inFile), PersonName.Parse(inRequest));
        return new PatientIdentity(found.Family, found.Given, Born).Compare(asked.Family!, asked.Given!, Born);
    }

    private static async Task<PatientIdentity> Read(string name)
    {
        var file = Part10File.Minimal().Add(0x00080005, "CS", "ISO_IR 192").Add(0x00100010, "PN", Encoding.UTF8.GetBytes(name))
            .Add(0x00100030, "DA", Born);
        return (await Deidentified.From(file)).Report.Patient;
    }
}
