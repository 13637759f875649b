using Aegis.Auth.Access.Permissions;
using Aegis.Auth.Tenancy.Organizations;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Vault.N8n;

/// <summary>An app for tests that each use their own organization and n8n.</summary>
public sealed class N8nApp : IAsyncLifetime
{
    internal AuthApp Auth { get; } = new();

    public Task InitializeAsync() => Auth.InitializeAsync();

    public Task DisposeAsync() => Auth.DisposeAsync();

    /// <summary>An organization without a connection.</summary>
    internal async Task<Tenant> Tenant()
    {
        var now = Auth.Clock.GetUtcNow();
        var organization = Ids.New("cons", now);
        await Auth.App.Use<AuthDb>(async db =>
        {
            db.Organizations.Add(Organization.Create(organization, "A tenant", isProvider: false, isConsumer: true, now));
            await db.SaveChangesAsync();
        });
        var admin = Auth.With(await Auth.Key(organization, ScopeCatalogue.All.ToArray(), Roles.Admin));
        return new Tenant(Auth, organization, admin, await N8nStandIn.Start());
    }

    /// <summary>An organization whose n8n is connected.</summary>
    internal async Task<Tenant> Connected()
    {
        var tenant = await Tenant();
        (await tenant.Connect()).ShouldBe(HttpStatusCode.OK);
        return tenant;
    }
}

/// <summary>One organization with its n8n.</summary>
internal sealed record Tenant(AuthApp Auth, string Organization, ApiClient Admin, N8nStandIn N8n) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => N8n.DisposeAsync();

    public async Task<ApiClient> With(params string[] scopes) => Auth.With(await Auth.Key(Organization, scopes, Roles.Admin));

    public Task<ApiResponse> Connect(string? url = null, string key = N8nStandIn.Key) =>
        Admin.Put("/v1/vault/connections/n8n", new { config = new { base_url = url ?? N8n.Url, api_key = key } });

    /// <summary>Registers a credential with this id in n8n.</summary>
    public async Task<string> Registered(string? providerCredentialId, string? value = null, object? config = null, string provider = "n8n")
    {
        var name = Ids.New("c", Auth.Clock.GetUtcNow());
        var body = new Dictionary<string, object?>
        {
            ["name"] = name,
            ["credential_type"] = "api_key",
            ["provider"] = provider,
            ["value"] = value,
            ["provider_credential_id"] = providerCredentialId,
            ["provider_config"] = config,
        };
        (await Admin.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
        return name;
    }

    /// <summary>The calls that n8n got, without the pages of lists.</summary>
    public IEnumerable<string> Changes() => N8n.Heard.Select(h => h.Line).Where(l => !l.StartsWith("GET", StringComparison.Ordinal));
}
