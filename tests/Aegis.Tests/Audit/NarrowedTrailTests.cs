using System.Net;
using Aegis.Tests.App;
using Aegis.Tests.Auth;
using Aegis.Tests.Studies.Requests;

namespace Aegis.Tests.Audit;

/// <summary>What keys that are narrowed to partners see of the trail.</summary>
public sealed class NarrowedTrailTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("prov_123", true)]
    [InlineData("prov_999", false)]
    public async Task A_narrowed_key_reads_of_its_partners_and_of_its_own_organization(string partner, bool sees)
    {
        var auth = AuthApp.On(app);
        var narrowed = auth.With(await auth.Key(scopes: ["audit:read"], partners: [partner]));
        var made = await app.AskForJaneDoe();
        var query = $"/v1/audit?object={made}&kind=event";

        var items = (await narrowed.Get(query)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
        var exported = (await narrowed.Get(query.Replace("/audit?", "/audit/export?", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.OK).Text;
        var entry = (await app.As("consumer").Get(query)).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var proof = await narrowed.Get($"/v1/audit/{entry}/proof");

        items.GetArrayLength().Should().Be(sees ? 1 : 0);
        exported.Contains(made, StringComparison.Ordinal).Should().Be(sees);
        proof.ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await narrowed.Get("/v1/audit?kind=call")).Json.GetProperty("items").GetArrayLength().Should().BePositive(); // its own calls
    }
}
