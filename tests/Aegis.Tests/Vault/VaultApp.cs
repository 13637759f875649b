using Aegis.Auth.Access.Permissions;
using Aegis.Vault;
using Aegis.Vault.Providers;

namespace Aegis.Tests.Vault;

/// <summary>
/// An app whose vault also has the provider <c>standin</c>: an in-memory target that tests can make fail (<see cref="StandInTarget"/>).
/// </summary>
public sealed class VaultApp : IAsyncLifetime
{
    private AuthApp auth = null!; // set by InitializeAsync

    public AegisApp App { get; private set; } = null!;

    public Fakes.TestClock Clock => App.Clock;

    internal StandInTarget Target { get; } = new();

    /// <summary>The root folder for env credentials.</summary>
    public string EnvRoot { get; } = Directory.CreateDirectory(
        Path.Combine(AppContext.BaseDirectory, "env", Aegis.Kernel.Identifiers.Ids.New("root", TimeProvider.System.GetUtcNow()))).FullName;

    /// <summary>An administrator of cons_456.</summary>
    public ApiClient Admin { get; private set; } = null!;

    /// <summary>An anonymous client.</summary>
    public ApiClient Anonymous => App.Anonymous;

    public async Task InitializeAsync()
    {
        App = await AegisApp.StartWith(s => s.AddSingleton<Provider>(new StandInProvider(Target))
            .AddSingleton(new VaultOptions { EnvRoot = EnvRoot }));
        auth = AuthApp.On(App);
        Admin = await Of("cons_456");
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(EnvRoot, recursive: true);
    }

    /// <summary>An administrator with every scope of an organization.</summary>
    public async Task<ApiClient> Of(string organization) =>
        auth.With(await auth.Key(organization, ScopeCatalogue.All.ToArray(), Roles.Admin));

    /// <summary>A key of cons_456 with only these scopes.</summary>
    internal async Task<ApiClient> With(params string[] scopes) => auth.With(await auth.Key(scopes: scopes, role: Roles.Admin));

    /// <summary>Registers a credential and returns its name.</summary>
    public async Task<string> Registered(
        string provider = "env", string? value = "first-value", DateTimeOffset? expiresAt = null, object? config = null,
        object? rotation = null, int? overlap = null, string? providerId = null)
    {
        var name = Aegis.Kernel.Identifiers.Ids.New("c", Clock.GetUtcNow());
        var body = new Dictionary<string, object?>
        {
            ["name"] = name,
            ["credential_type"] = "api_key",
            ["provider"] = provider,
            ["value"] = value,
            ["expires_at"] = expiresAt,
            ["provider_config"] = config,
            ["rotation_enabled"] = rotation is not null,
            ["rotation_overlap_minutes"] = overlap,
            ["provider_credential_id"] = providerId,
        };
        if (rotation is string cron) body["rotation_cron"] = cron;
        if (rotation is int hours) body["rotation_interval_hours"] = hours;
        (await Admin.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
        return name;
    }

    public async Task<string> ValueOf(string name) =>
        (await Admin.Get($"/v1/credentials/{name}/value")).ShouldBe(HttpStatusCode.OK)["value"]!;

    public Task<ApiResponse> Rotate(string name, string trigger = "manual") =>
        Admin.Post($"/v1/credentials/{name}/rotate", new { trigger, reason = "because" });

    /// <summary>Waits until the newest rotation of a credential is in this state, and advances the clock past its delays.</summary>
    public async Task<ApiResponse> Until(string name, string state)
    {
        for (var i = 0; i < 400; i++)
        {
            var list = await Admin.Get($"/v1/credentials/{name}/rotations?limit=1");
            var newest = list.Json.GetProperty("items")[0];
            if (newest.GetProperty("state").GetString() == state) return list;
            if (newest.GetProperty("due_at").GetDateTimeOffset() is var due && due > Clock.GetUtcNow())
                Clock.Advance(due - Clock.GetUtcNow());
            await Task.Delay(50);
        }

        throw new TimeoutException($"{name} did not come to '{state}'.");
    }
}
