using Aegis.Studies.Content.Sealing;

namespace Aegis.Tests.Studies.Content;

/// <summary>
/// A study of two instances, encrypted by age 1.1.1: `age -r age1tqmc… -o vec.age vec.plain`. The file key was recovered from
/// the X25519 stanza with the identity of that recipient. The other direction, `age -d` of our files with a header
/// of age before them, was checked manually with 1, 3 and 12 instances and with whole chunks.
/// </summary>
public sealed class AgeVectorTests
{
    private const string Header =
        "age-encryption.org/v1\n-> X25519 LBDTgiRWqNrqoLjzs0uXLqCEqgpUncYElzGOc5Oobj4\ntXWttER0fe37s7fEgIU3ZvlcijaYvI91fL1PI1RwR94\n---";

    private const string HeaderMac = "Q1KxIeIUFHC7liEU7L5IvmDs19hu9xz/zwU9l+SXwFk=";

    private const string Payload =
        "8e461ddac97038a2abe2c582ae905a4f6ffa607e4f8192c3278d3c9e6875dc18fe5f968a69160ce49dc437d67197dca8a102266f84f34fb4f194f3a55f923aa2"
        + "4a39dcdbe0172791b12e8696ca40316c88bafa34e678147136426468c36bac9480c6ac819a07595cd4a9535043328afd61b951cf9363fe67c3bd15a9d5dd968b"
        + "eb81e818897dc40a58cbb893d6390263471621d2bf26cf14225c4e6963a58d7b937c3327666f144cbd1d18b7032f01f2ba0820de8489b1eef59135a11b0568d0"
        + "f2d8c381649459f6f1becaf5af46dd4664ece522d53b98c833f607ced0876f6172c1c74842a0efb0022c920d852aa42e16b8a6a35b9f27";

    private static readonly byte[] FileKey = Convert.FromHexString("bd63f5ab978b3b07eceb1d2c81125a1c");

    [Fact]
    public void A_study_encrypted_by_age_can_be_read()
    {
        using var folder = new StudyFolder();
        File.WriteAllBytes(folder.File, Convert.FromHexString(Payload));

        using var reader = SealedStudyReader.Open(folder.File, FileKey);
        using var cursor = reader.Cursor();
        var second = new byte[reader.Index[1].Length];
        cursor.Read(reader.Index[1].Offset, second);

        reader.Index.Count.Should().Be(2);
        reader.Index[0].Should().Be(new StudyInstance(0, 152, reader.Index[0].Crc32, 1));
        Encoding.ASCII.GetString(second).Should().Be("second instance");
    }

    [Fact]
    public void The_file_key_is_the_one_of_the_header_that_age_wrote()
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, FileKey, 32, info: "header"u8.ToArray());

        var mac = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(Header));

        Convert.ToBase64String(mac).Should().Be(HeaderMac);
    }
}
