using Aegis.Cli.Secrets;

namespace Aegis.Tests.Cli;

public sealed class MaskerTests
{
    private const string Secret = "s3cr3t/+ value\"x";

    [Theory]
    [InlineData("before s3cr3t/+ value\"x after", "before *** after")]
    [InlineData("s3cr3t/+ value\"xs3cr3t/+ value\"x", "******")]
    [InlineData("s3cr3t/+ value and no more", "s3cr3t/+ value and no more")]
    [InlineData("s3cs3cr3t/+ value\"x", "s3c***")]
    [InlineData("s3cr3t%2F%2B%20value%22x", "***")]
    [InlineData("czNjcjN0Lysgd29ybGQ=", "czNjcjN0Lysgd29ybGQ=")]
    public void A_secret_is_masked_however_the_output_is_split(string output, string shown)
    {
        for (var size = 1; size <= output.Length; size++)
        {
            var (masker, bytes, seen) = (new Masker([Secret]), Encoding.UTF8.GetBytes(output), new List<byte>());
            for (var at = 0; at < bytes.Length; at += size) seen.AddRange(masker.Pass(bytes.AsSpan(at, Math.Min(size, bytes.Length - at))));
            seen.AddRange(masker.End());

            Encoding.UTF8.GetString([.. seen]).Should().Be(shown, "pieces of {0}", size);
        }
    }

    [Fact]
    public void A_secret_in_base64_or_JSON_is_masked()
    {
        var masker = new Masker([Secret]);

        var shown = masker.Pass(Encoding.UTF8.GetBytes(
                $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))} {System.Text.Json.JsonSerializer.Serialize(Secret)}\n"));

        Encoding.UTF8.GetString(shown).Should().Be("*** \"***\"\n");
    }

    [Fact]
    public void A_line_of_a_secret_is_masked()
    {
        var masker = new Masker(["-----BEGIN KEY-----\nabcdefghijkl\n-----END KEY-----"]);

        Encoding.UTF8.GetString(masker.Pass("line: abcdefghijkl.\n"u8)).Should().Be("line: ***.\n");
    }

    [Fact]
    public void Output_that_cannot_be_a_secret_is_not_held_back()
    {
        var masker = new Masker([Secret]);

        Encoding.UTF8.GetString(masker.Pass("Password: "u8)).Should().Be("Password: ");
    }
}
