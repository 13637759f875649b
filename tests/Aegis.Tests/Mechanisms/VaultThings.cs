using System.Text.Json.Nodes;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Onboarding;
using Aegis.Auth.Protection;
using Aegis.Auth.People.Mail;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Vault.Connections;
using Aegis.Vault.Persistence;
using Aegis.Vault.Providers;
using Aegis.Vault.Rotation;
using Aegis.Vault.Values;

namespace Aegis.Tests.Mechanisms;

/// <summary>One of each object that the vault and the mail seal. Short-lived ones are written directly.</summary>
internal sealed record VaultThings(string Key, string Rotation, string Connection, string MailId)
{
    private const string Name = "sealed-thing";

    public static async Task<VaultThings> Make(AuthApp auth)
    {
        var key = (await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin)).Text;
        var client = new ApiClient(auth.App.NewHttp(), key);
        (await client.Post("/v1/credentials", new
        {
            name = Name,
            credential_type = "database",
            provider = "webhook",
            value = "first",
            provider_credential_id = "thing",
            provider_config = new { url = "https://rotator.example/rotate", secret = $"whsec_{Convert.ToBase64String(new byte[32])}" },
        })).ShouldBe(HttpStatusCode.Created);
        (await client.Put($"/v1/credentials/{Name}/value", new { value = "second" })).ShouldBe(HttpStatusCode.OK);
        (await client.Put($"/v1/credentials/{Name}/n8n-copy",
            new { config = new { data_field = "value", extra = new { other = "hidden" } } })).ShouldBe(HttpStatusCode.OK);
        var id = (await client.Get($"/v1/credentials/{Name}")).Id;

        var (seal, box, now) = (auth.App.Services.GetRequiredService<CredentialSeal>(), auth.App.Services.GetRequiredService<SealedBox>(),
            auth.Clock.GetUtcNow());
        var run = RotationRun.Begin("rot_thing", new RotatedCredential(id, "cons_456", "webhook", 1), RotationTrigger.Manual,
            new RotationOrigin(null, null), now.AddYears(9));
        run.TakeFreshValue(); // so that it has a second candidate
        run.Propose(seal.SealCandidate(run, "candidate"), new HeldValue("candidate"));
        var connection = Aegis.Vault.Connections.Connection.Create("conn_thing", "cons_456", "thing", now);
        connection.Take("{}", seal.SealConfig(connection.Id, new JsonObject { ["token"] = "hidden" }), now);
        await auth.App.Use<VaultDb>(async db =>
        {
            db.AddRange(run, connection);
            await db.SaveChangesAsync();
        });
        await auth.App.Use<AuthDb>(async db =>
        {
            var claim = Claim.Issue("clm_thing", "app_thing", ("cons_456", "usr_thing"), [1], now);
            db.MailMessages.Add(Aegis.Auth.People.Mail.MailMessage.Of(
                "ltr_thing", claim, box.SealText("{}", Aegis.Auth.People.Mail.MailMessage.Subject("ltr_thing")), now.AddYears(9)));
            await db.SaveChangesAsync();
        });
        return new VaultThings(key, run.Id, connection.Id, "ltr_thing");
    }

    public async Task ShouldOpenOn(AegisApp host)
    {
        var client = new ApiClient(host.NewHttp(), Key);
        (await client.Get($"/v1/credentials/{Name}/value"))["value"].Should().Be("second");
        (await client.Get($"/v1/credentials/{Name}/value?version=1"))["value"].Should().Be("first");
        (await client.Get($"/v1/credentials/{Name}/provider-config")).Json.GetProperty("secret_members").GetArrayLength().Should().Be(1);
        (await client.Get($"/v1/credentials/{Name}/n8n-copy")).Json.GetProperty("secret_members").GetArrayLength().Should().Be(1);
        (await client.Post("/v1/credentials/search-leak", new { value = "first" })).Json.GetProperty("matches").GetArrayLength()
            .Should().Be(1);
        var (seal, box) = (host.Services.GetRequiredService<CredentialSeal>(), host.Services.GetRequiredService<SealedBox>());
        await host.Use<VaultDb>(async db =>
        {
            seal.OpenCandidate((await db.Rotations.FindAsync(Rotation))!)!.Value.Should().Be("candidate");
            seal.OpenConfig(Connection, (await db.Connections.FindAsync(Connection))!.SealedConfig).ToJsonString()
                .Should().Contain("hidden");
        });
        await host.Use<AuthDb>(async db =>
            box.OpenText((await db.MailMessages.FindAsync(MailId))!.SealedContent, Aegis.Auth.People.Mail.MailMessage.Subject(MailId))
                .Should().Be("{}"));
    }
}
