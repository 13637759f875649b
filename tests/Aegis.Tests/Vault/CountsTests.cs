using Aegis.Vault.Credentials;
using Aegis.Vault.Persistence;

namespace Aegis.Tests.Vault;

/// <summary>The counts of the list cover the credentials that match the filter.</summary>
public sealed class CountsTests(VaultApp vault) : IClassFixture<VaultApp>
{
    private static readonly string[] Kinds = ["healthy", "unknown", "expiring", "expired", "failed"];

    [Fact]
    public async Task The_kinds_add_up_to_the_number_of_matching_credentials()
    {
        var org = await vault.Of("prov_123");
        async Task Register(string name, string provider, int? days = null, string tag = "any") => (await org.Post("/v1/credentials", new
        {
            name,
            provider,
            credential_type = "api_key",
            value = "v",
            tags = new[] { tag },
            expires_at = days is null ? null : (DateTimeOffset?)vault.Clock.GetUtcNow().AddDays(days.Value),
        })).ShouldBe(HttpStatusCode.Created);
        await Register("good", "standin");
        await Register("sick", "standin", tag: "red");
        await Register("late", "env", 3, tag: "red");
        await Register("over", "env", -1);
        await Register("new", "env");
        await Register("old", "env");
        vault.Target.Of("good").Add("v");
        foreach (var name in new[] { "good", "sick" }) (await org.Post($"/v1/credentials/{name}/test")).ShouldBe(HttpStatusCode.OK);
        (await org.Delete("/v1/credentials/old")).ShouldBe(HttpStatusCode.OK);

        (await Counts(org, "")).Should().Be("5: 1 1 1 1 1");
        (await Counts(org, "?provider=standin")).Should().Be("2: 1 0 0 0 1");
        (await Counts(org, "?provider=env")).Should().Be("3: 0 1 1 1 0");
        (await Counts(org, "?tag=red")).Should().Be("2: 0 0 1 0 1");
        (await Counts(org, "?status=active")).Should().Be("3: 1 1 0 0 1");
        (await Counts(org, "?status=expiring")).Should().Be("1: 0 0 1 0 0");
        (await Counts(org, "?status=expired")).Should().Be("1: 0 0 0 1 0");
        (await Counts(org, "?status=retired")).Should().Be("1: 0 1 0 0 0");
        (await Counts(org, "?type=other")).Should().Be("0: 0 0 0 0 0");
        (await Counts(org, "?provider=env&limit=1&offset=1")).Should().Be("3: 0 1 1 1 0", "a page is not what is counted");
        var health = await org.Get("/health");
        Kinds.Select(k => health[$"{k}_count"]).Should().OnlyContain(n => n == "1").And.HaveCount(5);
    }

    [Theory]
    [InlineData(9_999, null)]
    [InlineData(10_000, null)]
    [InlineData(10_001, true)]
    public async Task With_a_filter_at_most_ten_thousand_are_counted_and_total_capped_says_so(int others, bool? capped)
    {
        var (type, org) = ($"type_{others}", await vault.Of("cons_789"));
        await Fill(org, type, others);

        var list = await org.Get($"/v1/credentials?type={type}&limit=1");

        var counted = Math.Min(others, 10_000);
        list["total"].Should().Be(counted.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (list.Json.TryGetProperty("total_capped", out var isCapped) ? isCapped.GetBoolean() : (bool?)null).Should().Be(capped);
        Kinds.Sum(k => list.Json.GetProperty(k).GetInt32()).Should().Be(counted);
    }

    /// <summary>Copies one credential in the database: ten thousand calls would take minutes.</summary>
    private async Task Fill(ApiClient org, string type, int count)
    {
        var first = new { name = $"{type}-x", provider = "api", credential_type = type };
        (await org.Post("/v1/credentials", first)).ShouldBe(HttpStatusCode.Created);
        await vault.App.Use<VaultDb>(async db =>
        {
            var table = TestDatabase.Table("vault", "credentials");
            var columns = db.Model.FindEntityType(typeof(Credential))!.GetProperties().Select(p => p.GetColumnName()).ToList();
            var select = string.Join(", ", columns.Select(c => c switch
            {
                "Id" => $"CONCAT('cred_', n.i, 't', {count})",
                "Name" => $"CONCAT('n', n.i, 't', {count})",
                _ => $"c.\"{c}\"",
            }));
            await vault.App.Database.Run($"""
                WITH d(i) AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
                    UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9),
                n(i) AS (SELECT a.i + 10 * b.i + 100 * c.i + 1000 * e.i + 10000 * f.i FROM d a, d b, d c, d e, d f)
                INSERT INTO {table} ({string.Join(", ", columns.Select(c => $"\"{c}\""))})
                SELECT {select} FROM {table} c, n WHERE c."Name" = '{type}-x' AND n.i < {count - 1}
                """);
        });
    }

    private static async Task<string> Counts(ApiClient org, string query)
    {
        var list = (await org.Get($"/v1/credentials{query}")).ShouldBe(HttpStatusCode.OK);
        return $"{list["total"]}: {string.Join(' ', Kinds.Select(k => list.Json.TryGetProperty(k, out var n) ? n.ToString() : "-"))}";
    }
}
