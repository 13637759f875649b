using Aegis.Auth.Access.Catalogue;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Rights;

/// <summary>What a credential is worth.</summary>
/// <param name="Scopes">What it allows.</param>
/// <param name="Partners">Whom it may deal with, or null for all.</param>
/// <param name="EndsAt">When it ends, or null for never.</param>
internal sealed record Worth(IReadOnlySet<string> Scopes, IReadOnlySet<string>? Partners, DateTimeOffset? EndsAt)
{
    public static readonly Worth Nothing = new(new HashSet<string>(), new HashSet<string>(), DateTimeOffset.MinValue);

    /// <summary>What a user of this role can do for ever.</summary>
    public static Worth Of(string? role) => new(Roles.Cap(role), null, null);

    /// <summary>Why this is more than the other, in words; null when it is within it.</summary>
    public string? Beyond(Worth other)
    {
        if (Scopes.FirstOrDefault(s => !other.Scopes.Contains(s)
            && !other.Scopes.Contains(s.Split('#')[0])) is { } scope) return $"the scope {scope}";
        if (other.Partners is not null && (Partners is null || !Partners.All(other.Partners.Contains))) return "other partners";
        return other.EndsAt is null || (EndsAt is not null && EndsAt <= other.EndsAt)
            ? null : $"an end at {EndsAt:u} instead of {other.EndsAt:u}";
    }
}

/// <summary>A caller whose credential has less than the one that it came from.</summary>
/// <param name="Name">In which way.</param>
/// <param name="Client">Calls.</param>
/// <param name="Bearer">Its credential.</param>
/// <param name="Worth">What it can do.</param>
/// <param name="KeyId">The key behind it, or null.</param>
/// <param name="UserId">Its user.</param>
internal sealed record Narrow(string Name, ApiClient Client, string Bearer, Worth Worth, string? KeyId, string UserId);

/// <summary>
/// Makes one caller of each kind, all of them in one organization and with all scopes that routes ask for, so that nothing but the rule
/// holds them back.
/// </summary>
internal sealed class NarrowCallers(AuthApp auth, string organization)
{
    /// <summary>What lets a caller through to where things are made; it leaves a lot out.</summary>
    private static readonly string[] Gates =
    [
        "key:create", "key:list", "key:read", "key:revoke", "org:read", "org:write", "tenant:onboard", "webhook:read", "webhook:write",
            "study:request", "study:open",
    ];

    /// <summary>The key that the narrowed tokens come from.</summary>
    public TestKey Wide { get; private set; } = null!;

    public async Task<List<Narrow>> All()
    {
        var all = ScopeCatalogue.All.ToArray();
        var wide = Wide = await auth.Key(organization, all, Roles.Admin);
        var dealing = await auth.Key(organization, all, Roles.Admin, partners: ["prov_000"]);
        var (short_, ending) = (await auth.Key(organization, all, Roles.Admin, lifetime: TimeSpan.FromMinutes(30)),
            await auth.Key(organization, all, Roles.Admin, lifetime: TimeSpan.FromDays(10)));
        var child = await Child(wide, all);
        var small = await Child(wide, Gates);
        var person = await auth.Person(organization, Roles.Admin);
        var login = await auth.DeviceLogin(person, string.Join(' ', Gates));
        var whole = await auth.DeviceLogin(person);
        var less = (await auth.Refresh(whole["refresh_token"]!, string.Join(' ', Gates))).ShouldBe(HttpStatusCode.OK);
        return
        [
            await Of("token narrowed by scope", await Token(wide, Gates)),
            await Of("token narrowed to a named object", await Token(wide, [.. Gates, "workflow:run#nightly"])),
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

    /// <summary>Callers that have everything, to see that each route can be reached.</summary>
    public async Task<List<Narrow>> Whole()
    {
        var key = await auth.Key(organization, [.. ScopeCatalogue.All], Roles.Admin);
        var login = await auth.DeviceLogin(await auth.Person(organization, Roles.Admin));
        return [await Of("whole token", await auth.Token(Wide)), await Of("whole login", login["access_token"]!),
            await Of("whole key", key.Text)];
    }

    /// <summary>What a new credential is worth, as it says itself.</summary>
    public static async Task<Worth> WorthOf(ApiClient client, DateTimeOffset? endsAt)
    {
        var me = (await client.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        var partners = me.Json.GetProperty("partners") is { ValueKind: System.Text.Json.JsonValueKind.Array } named
            ? named.EnumerateArray().Select(p => p.GetString()!).ToHashSet() : null;
        return new Worth(me.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()!).ToHashSet(), partners, endsAt);
    }

    private async Task<Narrow> Risky(TestKey key)
    {
        var token = await auth.Token(key);
        await auth.WithToken(token).Session(riskScore: 90);
        return await Of("token whose session awaits its step-up", token);
    }

    private async Task<Narrow> Of(string name, string bearer, DateTimeOffset? loginEnds = null)
    {
        var client = auth.WithToken(bearer);
        var me = (await client.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        DateTimeOffset? ends = loginEnds;
        if (me["keyId"] is { } key) ends = await auth.App.Use<Aegis.Auth.Persistence.AuthDb,
            DateTimeOffset?>(async db => (await db.ApiKeys.FindAsync(key))!.ExpiresAt);
        return new Narrow(name, client, bearer, await WorthOf(client, ends), me["keyId"], me["userId"]!);
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
