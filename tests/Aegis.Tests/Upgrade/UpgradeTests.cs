using Aegis.Audit;
using Aegis.Host.Startup;
using Aegis.Studies.Metering;
using Aegis.Studies.Transfers;
using Aegis.Tests.Sessions;
using Aegis.Webhooks.Endpoints;
using Aegis.Webhooks.Persistence;

namespace Aegis.Tests.Upgrade;

/// <summary>This release with the data of 0.1.0. If you add a column or change its meaning, add a test here for the old rows.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string Why = "the old data is a SQLite file";
    private AegisApp app = null!;

    public async Task InitializeAsync()
    {
        if (!TestDatabase.IsSqlServer) app = await OldRelease.Start();
    }

    public async Task DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
    }

    [SqliteFact(Why)]
    public void Every_table_of_the_old_release_has_rows()
    {
        var folder = Directory.CreateTempSubdirectory("aegis-old-").FullName;
        try
        {
            OldRelease.Unpack(folder);

            OldRelease.EmptyTables(folder).Should().BeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SqliteFact(Why)]
    public async Task A_request_of_the_old_release_is_fulfilled_opened_acknowledged_and_destroyed()
    {
        var fulfilled = (await app.Fulfil(OldRelease.Pending, Parcel.Multipart(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        var (path, sha256) = ($"/v1/transfers/{fulfilled["transferId"]}", fulfilled["sha256"]!);
        var opened = (await app.As("consumer").Post($"{path}/open")).ShouldBe(HttpStatusCode.OK);
        var content = (await app.Anonymous.Get(opened["url"]!)).ShouldBe(HttpStatusCode.OK);
        Convert.ToHexStringLower(SHA256.HashData(content.Body)).Should().Be(sha256);
        (await app.As("consumer")
            .Post($"{path}/acknowledge", new { instances = 4, bytes = content.Body.Length, sha256 })).ShouldBe(HttpStatusCode.OK);

        (await app.As("consumer").Post($"{path}/destroy")).ShouldBe(HttpStatusCode.Accepted);

        await Delivered.Eventually(async () => (await app.As("consumer").Get(path))["status"] == "destroyed", "it is destroyed");
        (await app.As("consumer").Get($"{path}/certificate")).ShouldBe(HttpStatusCode.OK);
    }

    [SqliteTheory(Why)]
    [InlineData(OldRelease.Ready)]
    [InlineData(OldRelease.Open)]
    [InlineData(OldRelease.Disputed)]
    public async Task A_transfer_of_the_old_release_is_opened_and_destroyed(string transfer)
    {
        var opened = (await app.As("consumer").Post($"/v1/transfers/{transfer}/open")).ShouldBe(HttpStatusCode.OK);
        var content = (await app.Anonymous.Get(opened["url"]!)).ShouldBe(HttpStatusCode.OK);
        Convert.ToHexStringLower(SHA256.HashData(content.Body)).Should().Be(opened["sha256"]);

        (await app.As("consumer").Post($"/v1/transfers/{transfer}/destroy")).ShouldBe(HttpStatusCode.Accepted);

        await Delivered.Eventually(async () =>
            (await app.As("consumer").Get($"/v1/transfers/{transfer}"))["status"] == "destroyed", "it is destroyed");
    }

    [SqliteFact(Why)]
    public async Task After_the_job_views_of_old_transfers_are_counted_by_the_rule_of_this_release()
    {
        await app.Run<AdoptViewRulesJob>();

        var transfers = await app.InStudies(db => db.Transfers.Where(t => t.Status != TransferStatus.Destroyed).ToListAsync());
        transfers.Should().NotBeEmpty().And.OnlyContain(t => t.ViewThreshold > 0 && t.Frames > 0 && t.Study.InstancesSha256 == null);
        var opened = (await app.As("consumer").Post($"/v1/transfers/{OldRelease.Ready}/open")).ShouldBe(HttpStatusCode.OK);
        (opened["instancesBytes"], opened["instancesSha256"]).Should().Be((null, null));
        (await app.Anonymous.Get(opened["url"]!)).ShouldBe(HttpStatusCode.OK);
        await Delivered.Eventually(async () =>
            (await app.As("consumer").Get($"/v1/transfers/{OldRelease.Ready}"))["meter.views"] == "1", "the view is counted");
    }

    [SqliteFact(Why)]
    public async Task The_certificate_of_a_transfer_destroyed_by_the_old_release_is_still_available()
    {
        (await app.As("consumer").Get($"/v1/transfers/{OldRelease.Destroyed}/certificate")).ShouldBe(HttpStatusCode.OK);
        (await app.As("consumer")
            .Post($"/v1/transfers/{OldRelease.Destroyed}/open")).ShouldBeRefused(HttpStatusCode.Gone, "transfer_destroyed");
    }

    [SqliteFact(Why)]
    public async Task A_credential_of_the_old_release_is_read_rotated_and_rolled_back()
    {
        var admin = app.As("admin");
        (await admin.Get("/credentials/report-db/value"))["value"].Should().Be("first value of 0.1.0");

        var rotated = (await admin.Post("/credentials/report-db/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK);

        rotated["new_version"].Should().Be("3", "version 2 was rolled back");
        (await admin.Post("/credentials/report-db/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK);
        (await admin.Get("/credentials/report-db/value"))["value"].Should().Be("first value of 0.1.0");
        (await admin.Get("/v1/credentials/copied/n8n-copy")).ShouldBe(HttpStatusCode.OK);
        (await admin.Get("/v1/vault/connections/n8n")).ShouldBe(HttpStatusCode.OK);
    }

    [SqliteFact(Why)]
    public async Task Keys_logins_and_webhooks_of_the_old_release_still_work()
    {
        (await new ApiClient(app.NewHttp(), OldRelease.RotatedKey).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        var refreshed = await app.Anonymous.PostContent("/realms/aegis-system/protocol/openid-connect/token", new FormUrlEncodedContent(
        [
            new("client_id", "aegis-cli"), new("grant_type", "refresh_token"), new("refresh_token", OldRelease.RefreshToken),
        ]));
        refreshed.ShouldBe(HttpStatusCode.OK);
        var endpoints = (await app.As("consumer").Get("/v1/webhooks")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
        endpoints.GetArrayLength().Should().Be(2);
        foreach (var endpoint in endpoints.EnumerateArray())
            (await app.As("consumer").Get($"/v1/webhooks/{endpoint.GetProperty("id")}/deliveries")).ShouldBe(HttpStatusCode.OK);
    }

    [SqliteFact(Why)]
    public async Task Webhook_addresses_that_the_old_release_stored_in_plaintext_are_sealed()
    {
        var before = Addresses(await app.As("consumer").Get("/v1/webhooks")).ToList();
        await app.Use<WebhooksDb>(async db => (await db.Endpoints.CountAsync(e => e.SealedUrl == null && e.Url != ""))
            .Should().BeGreaterThan(0));

        await app.Run<SealAddressesJob>();

        await app.Use<WebhooksDb>(async db => (await db.Endpoints.CountAsync(e => e.SealedUrl == null || e.Url != "")).Should().Be(0));
        Addresses(await app.As("consumer").Get("/v1/webhooks")).Should().Equal(before).And.OnlyContain(u => u!.EndsWith("/…"));
    }

    private static IEnumerable<string?> Addresses(ApiResponse list) => list.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
        .EnumerateArray().Select(e => e.GetProperty("url").GetString());

    [SqliteFact(Why)]
    public async Task A_user_of_the_old_release_can_sign_in_and_the_browser_is_remembered()
    {
        using var browser = new Browser(app);
        var authenticator = new Authenticator(Gateway.FromBase32("LKFUNFELWFDCMZG2KNV565UN67CF22DX"), app.Clock);

        (await browser.SignIn(app.Person("cons_456"))).ShouldLeadTo("/sign-in/code");
        (await browser.Fill("/sign-in/code", ("Code", authenticator.Code()))).ShouldLeadTo("/settings/api-keys");

        browser.Cookies.GetCookies(app.BaseAddress)["aegis-known"].Should().NotBeNull();
    }

    [SqliteFact(Why)]
    public async Task The_audit_log_continues_after_the_old_release_and_verifies()
    {
        var before = (await app.As("consumer").Get("/v1/audit?limit=200")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
            .GetArrayLength();
        before.Should().BeGreaterThan(50);
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var code = await AuditModule.Verify(app.Services, null, output, errors, CancellationToken.None);

        code.Should().Be(0, "{0}", errors);
        output.ToString().Should().Contain("Sound. ");
    }
}
