using Aegis.Kernel;
using Aegis.Kernel.Outbound;
using Aegis.Kernel.Web.Refusals;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Mechanisms;

/// <summary>The addresses, URLs and entries that the outbound policy accepts. Special addresses are those of the IANA registries.</summary>
public sealed class OutboundPolicyTests
{
    private const string Org = "prov_123";

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700:4700::1111")]
    public void Public_addresses_are_allowed(string address)
    {
        Allows(Policy(), address).Should().BeTrue();
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:2::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:808:808::1")]
    [InlineData("3fff::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Special_addresses_are_refused(string address)
    {
        Allows(Policy(), address).Should().BeFalse();
        Policy().Objection(new Uri($"https://{(address.Contains(':') ? $"[{address}]" : address)}/hook"), OutboundPurpose.Webhook, Org)
            .Should().NotBeNull("a literal address is refused before any lookup");
    }

    [Theory]
    [InlineData("169.254.169.254", "169.254.0.0/16")]
    [InlineData("100.100.100.200", "100.64.0.0/10")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("224.0.0.1", "224.0.0.0/8")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.0/8")]
    [InlineData("fd00:ec2::254", "fc00::/7")]
    [InlineData("64:ff9b::a9fe:a9fe", "64:ff9b::/96")]
    public void No_entry_opens_metadata_services_or_multicast_addresses(string address, string target)
    {
        Allows(Policy((target, "webhook", null)), address).Should().BeFalse();
        Allows(Policy(("wanted.example", "webhook", null)), address, host: "wanted.example").Should().BeFalse();
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", "anything.example", 5432, true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", "anything.example", 5432, true)] // public
    [InlineData("10.0.0.0/8", "192.168.1.1", "anything.example", 5432, false)]
    [InlineData("10.0.0.5:5432", "10.0.0.5", "10.0.0.5", 5432, true)]
    [InlineData("10.0.0.5:5432", "10.0.0.5", "10.0.0.5", 5433, false)]
    [InlineData("10.0.0.5", "10.0.0.5", "named.example", 22, true)]
    [InlineData("db.internal.example", "10.0.0.5", "DB.internal.example.", 1433, true)]
    [InlineData("db.internal.example:1433", "10.0.0.5", "db.internal.example", 1433, true)]
    [InlineData("db.internal.example:1433", "10.0.0.5", "db.internal.example", 1434, false)]
    [InlineData("db.internal.example", "10.0.0.5", "other.example", 1433, false)]
    [InlineData("[fd12::5]:5432", "fd12::5", "fd12::5", 5432, true)]
    [InlineData("fd12::/16", "fd12::5", "x.example", 5432, true)]
    [InlineData("fe80::/10", "fe80::5%3", "x.example", 5432, true)]
    [InlineData("64:ff9b::/96", "64:ff9b::808:808", "x.example", 443, true)]
    public void An_entry_opens_its_target_and_no_other(string target, string address, string host, int port, bool isAllowed)
    {
        Policy((target, "db", null)).Allows(IPAddress.Parse(address), port, host, OutboundPurpose.Db, Org).Should().Be(isAllowed);
    }

    [Fact]
    public void An_entry_opens_for_its_purpose_and_organization_only()
    {
        var policy = Policy(("10.0.0.0/8", "vault", "prov_123"));
        var address = IPAddress.Parse("10.0.0.1");

        policy.Allows(address, 443, "x.example", OutboundPurpose.Vault, "prov_123").Should().BeTrue();
        policy.Allows(address, 443, "x.example", OutboundPurpose.Vault, "prov_124").Should().BeFalse();
        policy.Allows(address, 443, "x.example", OutboundPurpose.Webhook, "prov_123").Should().BeFalse();
        policy.KeyOf(OutboundPurpose.Vault, "prov_123").Should().NotBe(policy.KeyOf(OutboundPurpose.Vault, "prov_124"));
        policy.KeyOf(OutboundPurpose.Vault, "prov_124")
            .Should().Be(policy.KeyOf(OutboundPurpose.Vault, "prov_125")).And.NotBe(policy.KeyOf(OutboundPurpose.Db, "prov_125"));
    }

    [Theory]
    [InlineData("https://hooks.example.com/x", null)]
    [InlineData("https://8.8.8.8/x", null)]
    [InlineData("http://hooks.example.com/x", "https")]
    [InlineData("ftp://hooks.example.com/x", "https")]
    [InlineData("/x", "absolute")]
    [InlineData("https://me:pw@hooks.example.com/", "password")]
    [InlineData("https://localhost/", "internal")]
    [InlineData("https://any.LOCALHOST./", "internal")]
    [InlineData("https://2130706433/", "internal")]
    [InlineData("https://0x7f.1/", "internal")]
    [InlineData("https://0177.0.0.1/", "internal")]
    [InlineData("https://127.1/", "internal")]
    [InlineData("https://[::ffff:7f00:1]/", "internal")]
    [InlineData("https://１２７.0.0.1/", "internal")]
    public void A_URL_that_can_never_be_called_is_refused_without_a_lookup(string url, string? objection)
    {
        var parsed = new Uri(url, UriKind.RelativeOrAbsolute);

        var found = Policy().Objection(parsed, OutboundPurpose.Webhook, Org);

        if (objection is null) found.Should().BeNull();
        else found.Should().Contain(objection);
        var require = () => Policy().Require(parsed, OutboundPurpose.Webhook, Org);
        if (objection is not null) require.Should().Throw<RefusedException>().Which.Code.Should().Be("address_not_allowed");
    }

    [Theory]
    [InlineData("hooks.internal", "http://hooks.internal/", true)]
    [InlineData("hooks.internal:8080", "http://hooks.internal:8080/", true)]
    [InlineData("hooks.internal:8080", "http://hooks.internal/", false)]
    [InlineData("10.0.0.0/8", "http://hooks.internal/", true)] // its address is checked when it is called
    [InlineData("10.0.0.0/8", "http://10.1.1.1/", true)]
    [InlineData("10.0.0.0/8", "http://8.8.8.8/", false)]
    public void Plain_http_is_accepted_only_for_targets_on_the_allow_list(string target, string url, bool isAccepted)
    {
        (Policy((target, "webhook", null)).Objection(new Uri(url), OutboundPurpose.Webhook, Org) is null).Should().Be(isAccepted);
    }

    [Fact]
    public void The_sandbox_allows_loopback_for_every_purpose_and_nothing_else()
    {
        var sandbox = OutboundPolicy.From(new ConfigurationBuilder().Build(), sandbox: true);

        foreach (var purpose in Enum.GetValues<OutboundPurpose>())
        {
            sandbox.Objection(new Uri("http://localhost:5678/"), purpose, Org).Should().BeNull();
            sandbox.Lists(IPAddress.IPv6Loopback, 80, "localhost", purpose, Org).Should().BeTrue();
            sandbox.Allows(IPAddress.Parse("127.8.9.10"), 80, "127.8.9.10", purpose, Org).Should().BeTrue();
            sandbox.Allows(IPAddress.Parse("10.0.0.1"), 80, "10.0.0.1", purpose, Org).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("Outbound:Allow", "10.0.0.0/8", "Outbound:Allow must be a list")]
    [InlineData("Outbound:Allow:0:Target", "", "Outbound:Allow:0:Purpose must be")]
    [InlineData("Outbound:Allow:0:Purpose", "smtp", "Outbound:Allow:0:Purpose must be")]
    [InlineData("Outbound:Allow:0:Purpose", "1", "Outbound:Allow:0:Purpose must be")]
    [InlineData("Outbound:Allow:0:Purpose", "db", "Outbound:Allow:0:Target must be")]
    [InlineData("Outbound:Allow:0:Insecure", "true", "Outbound:Allow:0:Insecure is unknown")]
    public async Task A_wrong_entry_stops_the_start_with_its_name(string key, string value, string message)
    {
        var start = async () => await AegisApp.Start((key, value));

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain(message);
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/7")]
    [InlineData("2000::/3")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10/8")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:https")]
    [InlineData("http://host")]
    [InlineData("*.example.com")]
    [InlineData(":80")]
    public void A_malformed_or_too_wide_target_is_refused(string target)
    {
        var read = () => Policy((target, "db", null));

        read.Should().Throw<StartRefusedException>().WithMessage("Outbound:Allow:0:Target must be*");
    }

    private static bool Allows(OutboundPolicy policy, string address, string? host = null) =>
        policy.Allows(IPAddress.Parse(address), 443, host ?? address, OutboundPurpose.Webhook, Org);

    internal static OutboundPolicy Policy(params (string Target, string Purpose, string? Organization)[] entries) => OutboundPolicy.From(
        new ConfigurationBuilder().AddInMemoryCollection(entries.SelectMany((e, i) => new Dictionary<string, string?>
        {
            [$"Outbound:Allow:{i}:Target"] = e.Target,
            [$"Outbound:Allow:{i}:Purpose"] = e.Purpose,
            [$"Outbound:Allow:{i}:Organization"] = e.Organization,
        })).Build(),
        sandbox: false);
}
