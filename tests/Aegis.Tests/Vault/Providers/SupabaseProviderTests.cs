using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Http;
using Aegis.Vault.Providers.Supabase;

namespace Aegis.Tests.Vault.Providers;

public sealed class SupabaseProviderTests
{
    private static readonly SupabaseProvider Provider = new(new ProviderCalls(Bench.Http()), Bench.Policy);

    [Fact]
    public async Task A_second_key_is_made_tried_and_the_first_deleted()
    {
        await using var supabase = await SupabaseStandIn.Start();
        var old = new HeldValue(supabase.AddKey("by_hand"));
        var target = Target(supabase);

        var value = await Provider.Create(target, Bench.Order(old), default);
        (await Provider.Test(target, old, default)).Should().Be(Tested.Works, "both work for a while");
        (await Provider.Test(target, value, default)).Should().Be(Tested.Works);
        await Provider.Revoke(target, old, value, default); // its id was never told: found by its value
        await Provider.Revoke(target, old, value, default);

        supabase.Names.Should().Equal("shop_rot01jd3v9qzk_1");
        (await Provider.Test(target, old, default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Refused, Code = ProviderCode.LoginRefused });
        supabase.Heard.Should().OnlyContain(h => !h.Line.Contains(value.Value), "no key is in an address");
    }

    [Fact]
    public async Task A_key_whose_making_was_cut_off_is_found_by_its_mark_and_deleted()
    {
        await using var supabase = await SupabaseStandIn.Start();
        supabase.AddKey("by_hand");
        var target = Target(supabase);
        supabase.LoseNextAnswer = true;

        var failure = await Bench.Failure(() => Provider.Create(target, Bench.Order(), default));
        supabase.Names.Should().HaveCount(2, "it was made, and nobody knows its value");
        await Provider.RemoveOrphans(target, "rot_01jd3v9qzk", keep: null, default);
        var value = await Provider.Create(target, Bench.Order(attempt: 2), default);
        await Provider.RemoveOrphans(target, "rot_01jd3v9qzk", keep: value.Handle, default);

        failure.Fault.Should().Be(ProviderFault.InDoubt);
        supabase.Names.Should().Equal("by_hand", "shop_rot01jd3v9qzk_2");
    }

    [Fact]
    public async Task Without_a_good_connection_it_says_what_to_put_right()
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
    public void A_configuration_that_makes_no_sense_is_refused_by_its_member(string config, string member) =>
        Bench.Objections(Provider, config).Should().ContainKey($"provider_config.{member}");

    private static Target Target(SupabaseStandIn supabase, string token = "sbp_token") => Bench.Credential(
        Provider,
        $$"""{"project_ref":"{{SupabaseStandIn.Reference}}","name_prefix":"shop","test_url":"{{supabase.Url}}/rest/v1/"}""",
        $$"""{"access_token":"{{token}}","base_url":"{{supabase.Url}}"}""");
}
