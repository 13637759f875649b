namespace Aegis.Tests.Audit;

/// <summary>Which entries of the trail a key sees that is limited to some partners.</summary>
public sealed class NarrowedTrailTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("prov_123", true)]
    [InlineData("prov_999", false)]
    public async Task A_limited_key_sees_entries_of_its_partners_and_its_own_organization(string partner, bool sees)
    {
        var auth = AuthApp.On(app);
        var narrowed = auth.With(await auth.Key(scopes: ["audit:read"], partners: [partner]));
        var made = await app.AskForJaneDoe();
        var query = $"/v1/audit?object={made}&kind=event";

        var items = (await narrowed.Get(query)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
        var exported =
            (await narrowed.Get(query.Replace("/audit?", "/audit/export?", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.OK).Text;
        var entry = (await app.As("consumer").Get(query)).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var proof = await narrowed.Get($"/v1/audit/{entry}/proof");

        items.GetArrayLength().Should().Be(sees ? 1 : 0);
        exported.Contains(made, StringComparison.Ordinal).Should().Be(sees);
        proof.ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        (await narrowed.Get("/v1/audit?kind=call")).Json.GetProperty("items").GetArrayLength().Should().BePositive(); // its own calls
    }

    [Theory]
    [InlineData("prov_123", true)]
    [InlineData("prov_999", false)]
    public async Task A_limited_key_sees_no_call_about_requests_or_transfers_of_other_partners(string partner, bool sees)
    {
        var auth = AuthApp.On(app);
        var narrowed = auth.With(await auth.Key(scopes: ["audit:read"], partners: [partner]));
        var request = await app.AskForJaneDoe();
        (await app.As("consumer").Get($"/v1/requests/{request}")).ShouldBe(HttpStatusCode.OK);
        var transfer = await app.Deliver();
        (await app.As("consumer").Get($"/v1/transfers/{transfer.Id}")).ShouldBe(HttpStatusCode.OK);

        foreach (var made in new[] { request, transfer.Id })
        {
            var query = $"/v1/audit?object={made}&kind=call";
            var whole = (await Entries(app.As("consumer"), query)).EnumerateArray().Select(e => e.GetProperty("id").GetString()!).ToList();
            whole.Should().NotBeEmpty();

            (await narrowed.Get(query)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength()
                .Should().Be(sees ? whole.Count : 0);
            var exported = (await narrowed.Get(query.Replace("/audit?", "/audit/export?", StringComparison.Ordinal)))
                .ShouldBe(HttpStatusCode.OK).Text;
            exported.Contains(made, StringComparison.Ordinal).Should().Be(sees);
            foreach (var id in whole) (await narrowed.Get($"/v1/audit/{id}/proof"))
                .ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        }

        (await Entries(narrowed, "/v1/audit")).ToString().Contains(request, StringComparison.Ordinal).Should().Be(sees);
    }

    private static async Task<System.Text.Json.JsonElement> Entries(ApiClient client, string query) =>
        (await client.Get(query)).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
}
