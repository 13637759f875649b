using Aegis.Vault.Providers.Generated;

namespace Aegis.Tests.Vault.Providers;

public sealed class GeneratedProviderTests
{
    private static readonly GeneratedProvider Provider = new();

    [Theory]
    [InlineData("{}", "^[A-Za-z0-9_-]{43}$")]
    [InlineData("""{"bytes":16}""", "^[A-Za-z0-9_-]{22}$")]
    [InlineData("""{"bytes":128,"alphabet":"hex"}""", "^[0-9a-f]{256}$")]
    [InlineData("""{"alphabet":"alnum"}""", "^[A-Za-z0-9]{43}$")]
    [InlineData("""{"alphabet":"symbols","bytes":16}""",
        @"^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])(?=.*[!#%*+\-./:=?@^_~])[A-Za-z0-9!#%*+\-./:=?@^_~]{21}$")]
    public async Task A_value_has_the_configured_strength_and_alphabet(string config, string form)
    {
        var target = Bench.Credential(Provider, config);

        var values = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Provider.Create(target, Bench.Order(), default)));

        values.Should().OnlyHaveUniqueItems();
        values.Should().OnlyContain(v => System.Text.RegularExpressions.Regex.IsMatch(v.Value, form));
    }

    [Theory]
    [InlineData("""{"bytes":15}""", "bytes")]
    [InlineData("""{"bytes":129}""", "bytes")]
    [InlineData("""{"alphabet":"emoji"}""", "alphabet")]
    public void Weak_or_unknown_forms_are_refused(string config, string member) =>
        Bench.Objections(Provider, config).Should().ContainKey($"provider_config.{member}");

    [Fact]
    public void Database_passwords_have_every_kind_of_character_that_policies_require() =>
        Enumerable.Range(0, 200).Select(_ => RandomValue.Password()).Should().OnlyContain(p =>
            p.Length == 33 && p.All(char.IsAsciiLetterOrDigit) && p.Any(char.IsAsciiLetterUpper) && p.Any(char.IsAsciiLetterLower)
                && p.Any(char.IsAsciiDigit));
}
