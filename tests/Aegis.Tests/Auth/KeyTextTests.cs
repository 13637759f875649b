using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Auth;

public sealed class KeyTextTests
{
    private const string Body = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh";
    private const string Known = $"aegis_{Body}3UHQ7C";
    private const string KnownTest = $"aegis_test_{Body}3iIv9m";

    [Fact]
    public void The_checksum_is_the_CRC_32_of_zip() =>
        KeyText.Crc32("123456789").Should().Be(0xCBF43926); // the check value of CRC-32/ISO-HDLC

    [Theory]
    [InlineData(Known, false)]
    [InlineData(KnownTest, true)]
    public void A_key_with_a_known_checksum_is_read(string text, bool isTest)
    {
        var key = KeyText.Read(text);

        key!.IsTest.Should().Be(isTest);
        key.PublicId.Should().Be("0123456789AB");
        Encoding.ASCII.GetString(key.Secret.Bytes).Should().Be("CDEFGHIJKLMNOPQRSTUVWXYZabcdefgh");
    }

    [Theory]
    [InlineData("")]
    [InlineData("aegis_")]
    [InlineData("aegis_a1b2c3d4")]
    [InlineData($"aegis_{Body}000000")]
    [InlineData($"aegis_{Body}3iIv9m")]
    [InlineData($"aegis_test_{Body}3UHQ7C")]
    [InlineData($"AEGIS_{Body}3UHQ7C")]
    [InlineData($"aegis_{Body}3UHQ7C0")]
    [InlineData($" aegis_{Body}3UHQ7C")]
    [InlineData("aegis_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef-h000000")]
    [InlineData("aegis_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg\u0661000000")]
    public void A_malformed_key_is_not_read(string text) => KeyText.Read(text).Should().BeNull();

    [Theory]
    [InlineData(false, "^aegis_[0-9A-Za-z]{50}$")]
    [InlineData(true, "^aegis_test_[0-9A-Za-z]{50}$")]
    public void A_generated_key_has_the_format_and_can_be_read(bool isTest, string form)
    {
        var (drawn, text) = KeyText.Draw(isTest);

        text.Should().MatchRegex(form);
        var read = KeyText.Read(text)!;
        (read.IsTest, read.PublicId).Should().Be((isTest, drawn.PublicId));
        read.Secret.Bytes.ToArray().Should().Equal(drawn.Secret.Bytes.ToArray());
    }

    [Fact]
    public void A_changed_character_breaks_the_checksum()
    {
        var (_, text) = KeyText.Draw(isTest: false);

        for (var i = "aegis_".Length; i < text.Length; i++)
        {
            var changed = text.ToCharArray();
            changed[i] = changed[i] == 'a' ? 'b' : 'a';
            KeyText.Read(new string(changed)).Should().BeNull("position {0} was changed", i);
        }
    }

    [Fact]
    public void Generated_characters_are_distributed_evenly()
    {
        var counts = new Dictionary<char, int>();
        for (var i = 0; i < 2_000; i++)
        {
            foreach (var c in KeyText.Draw(isTest: false).Text.AsSpan(6, 44))
                counts[c] = counts.GetValueOrDefault(c) + 1;
        }

        // 88,000 draws over 62 characters: 1,419 each, standard deviation 37. Taking a byte modulo 62 would give eight of them 1,719.
        counts.Should().HaveCount(62);
        counts.Values.Should().OnlyContain(n => n > 1_419 - 225 && n < 1_419 + 225);
    }

    [Fact]
    public void A_printed_key_shows_no_secret()
    {
        var key = KeyText.Read(Known)!;

        key.ToString().Should().Contain("***").And.NotContain("CDEFGH");
    }
}
