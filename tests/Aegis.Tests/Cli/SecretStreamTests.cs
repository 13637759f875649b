namespace Aegis.Tests.Cli;

/// <summary>Values go in and out of the command byte for byte, or are refused.</summary>
public sealed class SecretStreamTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const string Pem = "-----BEGIN KEY-----\nabcdefghijklmnop\n-----END KEY-----\n";

    [UnixFact]
    public async Task Bytes_that_are_not_UTF8_are_refused_and_nothing_is_stored()
    {
        var (code, _, error) = await app.Shell(@"printf '\xfe\xed\xfe\xed' | $AEGIS credentials create jks");

        code.Should().Be(2);
        error.Should().Contain("not UTF-8");
        (await app.As("admin").Get("/v1/credentials/jks")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [UnixFact]
    public async Task A_PEM_file_is_returned_byte_for_byte()
    {
        (await app.Shell($"printf %s '{Pem}' | $AEGIS credentials create pem")).Code.Should().Be(0);

        var (code, value, _) = await app.Shell("$AEGIS credentials value pem");

        code.Should().Be(0);
        Encoding.UTF8.GetString(value).Should().Be(Pem);
        (await app.As("admin").Get("/v1/credentials/pem/value"))["value"].Should().Be(Pem);
    }

    [UnixFact]
    public async Task A_value_without_a_newline_is_printed_without_one()
    {
        await app.Shell("printf %s no-newline-at-all | $AEGIS credentials create bare");

        (await app.Shell("$AEGIS credentials value bare")).Out.Should().Equal("no-newline-at-all"u8.ToArray());
        Encoding.UTF8.GetString((await app.Shell("echo no-newline-at-all | $AEGIS credentials search-leak -o json")).Out)
            .Should().Contain("\"bare\"", "echo adds a line break to the leaked value");
    }

    [UnixTheory]
    [InlineData("$AEGIS credentials create closed <&-")]
    [InlineData("$AEGIS credentials create closed </dev/null")]
    public async Task A_closed_or_empty_input_is_an_empty_value(string line)
    {
        var (code, _, error) = await app.Shell(line);

        code.Should().Be(2);
        error.Should().Contain("The value is empty.");
    }

    [UnixFact]
    public async Task A_value_larger_than_64_KiB_is_refused()
    {
        (await app.Shell("head -c 65537 /dev/zero | tr '\\0' x | $AEGIS credentials create large")).Code.Should().Be(2);
        (await app.Shell("head -c 65536 /dev/zero | tr '\\0' x | $AEGIS credentials create large")).Code.Should().Be(0);
    }

    [UnixFact]
    public async Task A_value_with_NUL_cannot_be_passed_to_a_program()
    {
        await Register("nul", "before\0after-it");

        var (code, output, error) = await app.Shell("$AEGIS run -s TOKEN=nul -- sh -c 'echo ran'");

        (code, output).Should().Be((2, []), error);
        error.Should().Contain("NUL");
    }

    [UnixFact]
    public async Task A_short_value_is_not_masked_and_a_warning_says_so()
    {
        await Register("short", "e");

        var (code, output, error) = await app.Shell("$AEGIS run -s TOKEN=short -- sh -c 'echo three elephants'");

        code.Should().Be(0);
        Encoding.UTF8.GetString(output).Should().Be("three elephants\n");
        error.Should().Be("! The value for TOKEN has fewer than 8 characters and is not masked in the output.\n");
    }

    private async Task Register(string name, string value) => (await app.As("admin").Post(
        "/v1/credentials", new { name, credential_type = "api_key", provider = "env", value })).ShouldBe(HttpStatusCode.Created);
}
