using Aegis.Auth.Access.Permissions;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Rights;

/// <summary>The permissions of a credential.</summary>
/// <param name="Scopes">Its scopes.</param>
/// <param name="Partners">Its partners, or null for all.</param>
/// <param name="EndsAt">Its end, or null for never.</param>
internal sealed record Permissions(IReadOnlySet<string> Scopes, IReadOnlySet<string>? Partners, DateTimeOffset? EndsAt)
{
    public static readonly Permissions Nothing = new(new HashSet<string>(), new HashSet<string>(), DateTimeOffset.MinValue);

    /// <summary>All permissions of a role, without an end.</summary>
    public static Permissions Of(string? role) => new(Roles.Cap(role), null, null);

    /// <summary>Returns what exceeds the other permissions, in words; null when nothing does.</summary>
    public string? ExcessOver(Permissions other)
    {
        if (Scopes.FirstOrDefault(s => !other.Scopes.Contains(s)
            && !other.Scopes.Contains(s.Split('#')[0])) is { } scope) return $"the scope {scope}";
        if (other.Partners is not null && (Partners is null || !Partners.All(other.Partners.Contains))) return "other partners";
        return other.EndsAt is null || (EndsAt is not null && EndsAt <= other.EndsAt)
            ? null : $"an end at {EndsAt:u} instead of {other.EndsAt:u}";
    }
}

/// <summary>A caller whose credential has fewer permissions than its source.</summary>
/// <param name="Name">How it is narrowed.</param>
/// <param name="Client">Sends its calls.</param>
/// <param name="Bearer">Its credential.</param>
/// <param name="Permissions">Its permissions.</param>
/// <param name="KeyId">Its API key, or null.</param>
/// <param name="UserId">Its user.</param>
internal sealed record NarrowCaller(string Name, ApiClient Client, string Bearer, Permissions Permissions, string? KeyId, string UserId);

/// <summary>
/// Makes one caller of each kind. All are in one organization and have all scopes that routes require, so that only the tested rule can
/// stop them.
/// </summary>
internal sealed class NarrowCallers(AuthApp auth, string organization)
{
    /// <summary>Scopes for the operations that make things; many other scopes are missing.</summary>
    private static readonly string[] NeededScopes =
    [
        "key:create", "key:list", "key:read", "key:revoke", "org:read", "org:write", "tenant:onboard", "webhook:read", "webhook:write",
            "study:request", "study:open",
    ];

    /// <summary>The key that the narrowed tokens come from.</summary>
    public TestKey Wide { get; private set; } = null!;

    public async Task<List<NarrowCaller>> All()
    {
        var all = ScopeCatalogue.All.ToArray();
        var wide = Wide = await auth.Key(organization, all, Roles.Admin);
        var dealing = await auth.Key(organization, all, Roles.Admin, partners: ["prov_000"]);
        var (short_, ending) = (await auth.Key(organization, all, Roles.Admin, lifetime: TimeSpan.FromMinutes(30)),
            await auth.Key(organization, all, Roles.Admin, lifetime: TimeSpan.FromDays(10)));
        var child = await Child(wide, all);
        var small = await Child(wide, NeededScopes);
        var person = await auth.Person(organization, Roles.Admin);
        var login = await auth.DeviceLogin(person, string.Join(' ', NeededScopes));
        var whole = await auth.DeviceLogin(person);
        var less = (await auth.Refresh(whole["refresh_token"]!, string.Join(' ', NeededScopes))).ShouldBe(HttpStatusCode.OK);
        return
        [
            await Of("token narrowed by scope", await Token(wide, NeededScopes)),
            await Of("token narrowed to a named object", await Token(wide, [.. NeededScopes, "workflow:run#nightly"])),
            await Of("token without one scope", await Token(wide, [.. all.Where(s => s != "study:read")])),
            await Of("key narrowed by partners", dealing.Text),
            await Of("token of a key narrowed by partners", await auth.Token(dealing)),
            await Of("key that ends within the hour", short_.Text),
            await Of("token of a key that ends within the hour", await auth.Token(short_)),
            await Of("key that ends in ten days", ending.Text),
            await Of("token of a key that ends in ten days", await auth.Token(ending)),
            await Of("child key with all scopes", child),
            await Of("child key narrowed by scope", small),
            await Of("device login narrowed by scope", login["access_token"]!, auth.Clock.GetUtcNow().AddHours(24)),
            await Of("device login narrowed at a refresh", less["access_token"]!, auth.Clock.GetUtcNow().AddHours(24)),
            await Risky(wide),
        ];
    }

    /// <summary>Makes callers with all permissions, to check that each route can be reached.</summary>
    public async Task<List<NarrowCaller>> Whole()
    {
        var key = await auth.Key(organization, [.. ScopeCatalogue.All], Roles.Admin);
        var login = await auth.DeviceLogin(await auth.Person(organization, Roles.Admin));
        return [await Of("whole token", await auth.Token(Wide)), await Of("whole login", login["access_token"]!),
            await Of("whole key", key.Text)];
    }

    /// <summary>Reads the permissions of a new credential from the API.</summary>
    public static async Task<Permissions> PermissionsOf(ApiClient client, DateTimeOffset? endsAt)
    {
        var me = (await client.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        var partners = me.Json.GetProperty("partners") is { ValueKind: System.Text.Json.JsonValueKind.Array } named
            ? named.EnumerateArray().Select(p => p.GetString()!).ToHashSet() : null;
        return new Permissions(me.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()!).ToHashSet(), partners, endsAt);
    }

    private async Task<NarrowCaller> Risky(TestKey key)
    {
        var token = await auth.Token(key);
        await auth.WithToken(token).Session(riskScore: 90);
        return await Of("token whose session awaits its step-up", token);
    }

    private async Task<NarrowCaller> Of(string name, string bearer, DateTimeOffset? loginEnds = null)
    {
        var client = auth.WithToken(bearer);
        var me = (await client.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        DateTimeOffset? ends = loginEnds;
        if (me["keyId"] is { } key)
            ends = await auth.App.Use<Aegis.Auth.Persistence.AuthDb, DateTimeOffset?>(async db =>
                (await db.ApiKeys.FindAsync(key))!.ExpiresAt);
        return new NarrowCaller(name, client, bearer, await PermissionsOf(client, ends), me["keyId"], me["userId"]!);
    }

    private async Task<string> Token(TestKey key, string[] scopes) =>
        (await auth.Anonymous.Form(
            Persons.TokenPath, ("grant_type", "client_credentials"), ("client_id", key.Id), ("client_secret", key.Text),
                ("scope", string.Join(' ', scopes))))
        .ShouldBe(HttpStatusCode.OK)["access_token"]!;

    private async Task<string> Child(TestKey parent, string[] scopes) =>
        (await auth.With(parent).Post("/v1/auth/keys", new { name = "child", scopes, expiry = "7d" }))
            .ShouldBe(HttpStatusCode.Created)["key"]!;
}
