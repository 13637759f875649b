using System.Globalization;
using System.Numerics;
using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

public sealed class UidTests
{
    [Fact]
    public async Task A_UID_becomes_the_decimal_of_half_its_keyed_digest()
    {
        var digest = HMACSHA256.HashData(Deidentified.Secret, "1.2.3.4"u8);
        var expected = "2.25."
            + new BigInteger(digest.AsSpan(0, 16), isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);

        var result = await Deidentified.From(Part10File.Minimal());

        result["0020,000D"].Should().Be(expected);
        result.Report.StudyUid.Should().Be(expected);
        result.Report.OriginalStudyUid.Should().Be("1.2.3.4");
    }

    [Fact]
    public async Task References_are_mapped_like_their_targets()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00081140, file.Item().Add(0x00081155, "UI", "1.2.3.4.5"))
            .OpenSequence(0x00081115,
                file.Item().Add(0x0020000E, "UI", "1.2.3.4.1").Sequence(0x00081199, file.Item().Add(0x00081155, "UI", "1.2.3.4.5")));

        var result = await Deidentified.From(file);

        result["0008,1140/0/0008,1155"].Should().Be(result["0008,0018"]);
        result["0008,1115/0/0020,000E"].Should().Be(result["0020,000E"]);
        result["0008,1115/0/0008,1199/0/0008,1155"].Should().Be(result.Report.SopInstanceUid);
    }

    [Fact]
    public async Task The_file_meta_information_names_the_mapped_instance()
    {
        var result = await Deidentified.From(Part10File.Minimal());

        var meta = Encoding.ASCII.GetString(result.Bytes, 0, 400);
        meta.Should().Contain(result.Report.SopInstanceUid).And.NotContain("1.2.3.4.5");
        meta[..132].Should().Be(new string('\0', 128) + "DICM");
    }

    [Fact]
    public async Task Registered_UIDs_stay_and_similar_ones_are_mapped()
    {
        var file = Part10File.Minimal().Add(0x00080014, "UI", "1.2.840.100080.1").Add(0x00281199, "UI", "1.2.840.10008.1.5.1");

        var result = await Deidentified.From(file);

        result["0008,0016"].Should().Be("1.2.840.10008.5.1.4.1.1.2");
        result["0028,1199"].Should().Be("1.2.840.10008.1.5.1");
        result["0008,0014"].Should().StartWith("2.25.");
    }

    [Fact]
    public async Task Each_of_several_UIDs_is_mapped()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x0008001A, "UI", @"1.2.3.4\1.2.840.10008.1.1\1.2.3.4.5"));

        result["0008,001A"].Should().Be($@"{result["0020,000D"]}\1.2.840.10008.1.1\{result["0008,0018"]}");
    }

    [Fact]
    public async Task Another_pair_of_organizations_gets_other_UIDs()
    {
        var file = Part10File.Minimal().ToBytes();

        var one = await Deidentified.From(file);
        var other = await Deidentified.From(file, secret: new byte[32]);

        other.Report.StudyUid.Should().NotBe(one.Report.StudyUid);
    }

    [Fact]
    public async Task The_option_keeps_UIDs_but_no_text_in_UID_attributes()
    {
        var file = Part10File.Minimal().Add(0x00080014, "UI", "DOE^JANE");

        var result = await Deidentified.From(file, new() { KeepUids = true });

        result["0020,000D"].Should().Be("1.2.3.4");
        result.Contains("DOE^JANE").Should().BeFalse();
        result["0012,0064/1/0008,0100"].Should().Be("113110");
    }

    [Fact]
    public void A_short_secret_is_refused()
    {
        var create = () => new Deidentifier(new byte[15], new());

        create.Should().Throw<ArgumentException>();
    }
}
