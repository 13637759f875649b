using Aegis.Vault.Providers.Api;
using Aegis.Vault.Providers.Configuration;
using Aegis.Vault.Providers.Http;

namespace Aegis.Tests.Vault.Providers;

public sealed class ApiConfigTests
{
    private static readonly ApiProvider Provider = new(new ProviderCalls(Bench.Http()), Bench.Policy);

    [Theory]
    [InlineData("""{"test":{"url":"https://a.example/?key={{value}}"}}""", "test.url")]
    [InlineData("""{"test":{"url":"https://a.example/{{value}}"}}""", "test.url")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/{{current}}","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"https://{{name}}.example/","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example{{name}}","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"https://user@a.example/","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"ftp://a.example/","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"/relative","body":"{{value}}"}}""", "set.url")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","body":"{\"v\":{{value}}}"}}""", "set.body")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","body":"{\"v\":\"\\{{value}}\"}"}}""", "set.body")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","body":"{\"v\":"}}""", "set.body")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","headers":{"x":"a\r\nb"},"body":"{{value}}"}}""", "set.headers")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","secret_headers":{"Host":"b"},"body":"{{value}}"}}""", "set.headers")]
    [InlineData("""{"generate":true,"set":{"url":"https://a.example/","headers":{"x y":"b"},"body":"{{value}}"}}""", "set.headers")]
    [InlineData("""{"create":{"url":"https://a.example/","value_path":"$.k","body":"{{value}}"}}""", "create")]
    [InlineData("""{"create":{"url":"https://a.example/","value_path":"$.k","body":"{{secret}}"}}""", "create")]
    [InlineData("""{"create":{"url":"https://a.example/","value_path":"$..k"}}""", "create.value_path")]
    [InlineData("""{"create":{"url":"https://a.example/"}}""", "create.value_path")]
    [InlineData("""{"generate":true}""", "set")]
    [InlineData("""{"set":{"url":"https://a.example/","body":"{{value}}"}}""", "generate")]
    [InlineData(
        """{"generate":true,"set":{"url":"https://a.example/"},"create":{"url":"https://a.example/","value_path":"$.k"}}""", "create")]
    [InlineData("""{"test":{"url":"https://a.example/"}}""", "test")]
    [InlineData(
        """{"create":{"url":"https://a.example/{{mark}}","value_path":"$.k"},"list":{"url":"https://a.example/","items_path":"$","handle_path":"$.i","mark_path":"$.m"}}""", "list")]
    [InlineData("""{"test":{"url":"https://a.example/","headers":{"x":"{{value}}"},"expect_status":[99]}}""", "test.expect_status")]
    [InlineData("""{"retry":3}""", "retry")]
    public void An_invalid_configuration_is_refused_with_the_name_of_the_member(string config, string member) =>
        Bench.Objections(Provider, config).Should().ContainKey($"provider_config.{member}");

    [Fact]
    public void The_sections_decide_what_the_provider_can_do()
    {
        var create = Bench.Credential(Provider, """{"create":{"url":"https://a.example/","value_path":"$.k"}}""").Config;
        var test = Bench.Credential(Provider, """{"test":{"url":"https://a.example/","headers":{"x":"{{value}}"}}}""").Config;
        var generate = Bench.Credential(Provider, """{"generate":true,"set":{"url":"https://a.example/","body":"{{value}}"}}""").Config;
        var none = Bench.Credential(Provider, "{}").Config;

        new[] { create, test, generate, none }.Select(Provider.CanRotate).Should().Equal(true, false, true, false);
        new[] { create, test, generate, none }.Select(Provider.CanTest).Should().Equal(false, true, false, false);
        new[] { create, test, generate, none }.Select(Provider.KeepsOldValue).Should().Equal(true, false, false, false);
    }

    [Fact]
    public void An_internal_address_is_reported_at_its_member()
    {
        var errors = new ConfigErrors("provider_config");
        var config = Bench.Credential(
            Provider,
            """{"test":{"url":"https://10.0.0.1/{{name}}","headers":{"x":"{{value}}"}},"create":{"url":"https://[::ffff:192.168.1.1]/","value_path":"$.k"}}""").Config;

        Provider.CheckAddresses(config, Bench.Organization, errors);

        errors.Found.Keys.Should().BeEquivalentTo("provider_config.test.url", "provider_config.create.url");
    }

    [Fact]
    public void Secret_headers_are_stored_separately()
    {
        var config = Bench.Credential(Provider,
            """{"test":{"url":"https://a.example/","headers":{"x":"{{value}}"},"secret_headers":{"Authorization":"s3cret"}}}""").Config;

        var (open, secret) = Provider.Config.Split(config);

        open.ToJsonString().Should().NotContain("s3cret");
        Provider.Config.SecretPaths(secret).Should().Equal("test.secret_headers.Authorization");
    }
}
