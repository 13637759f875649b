using Aegis.Vault.Providers.Database;

namespace Aegis.Tests.Vault.Providers;

public sealed class ScramVerifierTests
{
    [Fact]
    public void The_exchange_of_RFC_7677_matches_the_verifier()
    {
        const string said =
            "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var proof = Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

        var verifier = ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

        verifier.Should().StartWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$");
        var keys = verifier.Split('$')[2].Split(':').Select(Convert.FromBase64String).ToArray();
        var clientSignature = HMACSHA256.HashData(keys[0], Encoding.ASCII.GetBytes(said));
        var clientKey = proof.Zip(clientSignature, (a, b) => (byte)(a ^ b)).ToArray();
        SHA256.HashData(clientKey).Should().Equal(keys[0]);
        Convert.ToBase64String(HMACSHA256.HashData(keys[1], Encoding.ASCII.GetBytes(said)))
            .Should().Be("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    [Fact]
    public void Every_verifier_has_its_own_salt_and_the_locked_one_has_the_same_form()
    {
        ScramVerifier.Of("pencil").Should().NotBe(ScramVerifier.Of("pencil"));
        ScramVerifier.OfNothing().Should().MatchRegex(@"^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$");
    }

    [Theory]
    [InlineData("pencil ~!'\"", true)]
    [InlineData("", false)]
    [InlineData("pässword", false)]
    [InlineData("tab\there", false)]
    public void Only_printable_ASCII_passwords_are_set(string password, bool can) => ScramVerifier.CanHold(password).Should().Be(can);

    [Fact]
    public void Names_are_quoted_and_a_verifier_that_needs_quoting_is_refused()
    {
        PostgresEngine.Statement("ev\"il", "SCRAM-SHA-256$x").Should().Be("ALTER ROLE \"ev\"\"il\" PASSWORD 'SCRAM-SHA-256$x'");

        var statement = () => PostgresEngine.Statement("u", "x' VALID UNTIL 'never");

        statement.Should().Throw<ArgumentException>();
    }
}
