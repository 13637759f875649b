using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Http;
using Aegis.Vault.Providers.Supabase;

namespace Aegis.Tests.Vault.Providers;

public sealed class SupabaseProviderTests
{
    private static readonly SupabaseProvider Provider = new(new ProviderCalls(Bench.Http()), Bench.Policy);

    [Fact]
    public async Task A_second_key_is_made_and_tested_and_the_first_is_deleted()
    {
        await using var supabase = await SupabaseStandIn.Start();
        var old = new HeldValue(supabase.AddKey("by_hand"));
        var target = Target(supabase);

        var value = await Provider.Create(target, Bench.Order(old), default);
        (await Provider.Test(target, old, default)).Should().Be(Tested.Works, "both work for a while");
        (await Provider.Test(target, value, default)).Should().Be(Tested.Works);
        await Provider.Revoke(target, old, value, default); // its id is unknown, so it is found by its value
        await Provider.Revoke(target, old, value, default);

        supabase.Names.Should().Equal("shop_rot01jd3v9qzk_1");
        (await Provider.Test(target, old, default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Refused, Code = ProviderCode.LoginRefused });
        supabase.Heard.Should().OnlyContain(h => !h.Line.Contains(value.Value), "no URL contains a key");
    }

    [Fact]
    public async Task A_key_of_an_interrupted_create_is_found_by_its_mark_and_deleted()
    {
        await using var supabase = await SupabaseStandIn.Start();
        supabase.AddKey("by_hand");
        var target = Target(supabase);
        supabase.LoseNextAnswer = true;

        var failure = await Bench.Failure(() => Provider.Create(target, Bench.Order(), default));
        supabase.Names.Should().HaveCount(2, "it was made, and its value is unknown");
        await Provider.RemoveOrphans(target, "rot_01jd3v9qzk", keep: null, default);
        var value = await Provider.Create(target, Bench.Order(attempt: 2), default);
        await Provider.RemoveOrphans(target, "rot_01jd3v9qzk", keep: value.Handle, default);

        failure.Fault.Should().Be(ProviderFault.InDoubt);
        supabase.Names.Should().Equal("by_hand", "shop_rot01jd3v9qzk_2");
    }

    [Fact]
    public async Task Without_a_working_connection_the_failure_says_what_to_correct()
    {
        await using var supabase = await SupabaseStandIn.Start();

        var missing = await Bench.Failure(() => Provider.Create(Target(supabase) with { Connection = null }, Bench.Order(), default));
        var refused = await Bench.Failure(() => Provider.Create(Target(supabase, token: "sbp_wrong"), Bench.Order(), default));

        (missing.Fault, missing.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.ConnectionMissing));
        (refused.Fault, refused.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.AccessRefused));
        refused.ToString().Should().NotContain("sbp_wrong");
    }

    [Theory]
    [InlineData("""{"project_ref":"../v1/other"}""", "project_ref")]
    [InlineData("""{"project_ref":"ABCDEFGHIJKLMNOPQRST"}""", "project_ref")]
    [InlineData("""{"project_ref":"abcdefghijklmnopqrst","name_prefix":"My Key"}""", "name_prefix")]
    [InlineData("""{"project_ref":"abcdefghijklmnopqrst","test_url":"nowhere"}""", "test_url")]
    [InlineData("{}", "project_ref")]
    public void An_invalid_configuration_is_refused_with_the_name_of_the_member(string config, string member) =>
        Bench.Objections(Provider, config).Should().ContainKey($"provider_config.{member}");

    private static Target Target(SupabaseStandIn supabase, string token = "sbp_token") => Bench.Credential(
        Provider,
        $$"""{"project_ref":"{{SupabaseStandIn.Reference}}","name_prefix":"shop","test_url":"{{supabase.Url}}/rest/v1/"}""",
        $$"""{"access_token":"{{token}}","base_url":"{{supabase.Url}}"}""");
}
