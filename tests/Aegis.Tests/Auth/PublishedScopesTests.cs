namespace Aegis.Tests.Auth;

/// <summary>
/// The published table of scopes and presets, tested through the API: catalogue, key, token, session and introspection.
/// </summary>
public sealed class PublishedScopesTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Keys = "/v1/auth/keys";
    private const string Introspect = "/realms/aegis-system/protocol/openid-connect/token/introspect";

    /// <summary>Resource, actions, and the first action that only an admin has. All actions after it are for admins only too.</summary>
    private const string Reference = """
        agent      | deploy, read, list, execute, generate, logs, delete                               |
        workflow   | deploy, read, list, run, validate, generate, logs, signal, cancel, delete         |
        execution  | read, list, stream, logs, cancel, remove                                          |
        swarm      | read, list, cancel                                                                |
        secret     | read, write, list, delete, rotate                                                 |
        credential | read, list, create, delete, rotate, grant                                         |
        approval   | read, list, approve, reject                                                       |
        stimulus   | ingest                                                                            |
        node       | read, list, register, deregister, drain, shutdown                                 | register
        stack      | read, up, down, restart, update, uninstall                                        | up
        key        | read, list, create, revoke                                                        |
        tenant     | read, list, onboard, provision                                                    | onboard
        """;

    private const string ReadOnly =
        "agent:read, agent:list, workflow:read, workflow:list, execution:read, execution:list, execution:logs, swarm:read, swarm:list, "
            + "node:read, node:list";

    private const string Execution =
        "agent:execute, agent:logs, workflow:run, workflow:logs, workflow:signal, workflow:cancel, execution:stream, execution:cancel, "
            + "swarm:cancel, approval:*";

    private const string Developer =
        "agent:deploy, agent:generate, agent:delete, workflow:deploy, workflow:validate, workflow:generate, workflow:delete, "
            + "execution:remove, "
        + "credential:read, credential:list, credential:create, stimulus:ingest, key:*";

    /// <summary>Scopes that the presets have in addition: the exchange of studies was added later.</summary>
    private static readonly string[] Added = ["study:read", "audit:read"];

    private static readonly (string Resource, string[] Actions, string? AdminFrom)[] Rows =
        [.. Reference.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(c => (c[0], Names(c[1]), c[2].Length == 0 ? null : c[2]))];

    public static TheoryData<string, bool> Scopes
    {
        get
        {
            var scopes = new TheoryData<string, bool>();
            foreach (var (resource, actions, adminFrom) in Rows)
            {
                var first = adminFrom is null ? actions.Length : Array.IndexOf(actions, adminFrom);
                for (var i = 0; i < actions.Length; i++) scopes.Add($"{resource}:{actions[i]}", i >= first);
            }

            return scopes;
        }
    }

    public static TheoryData<string, string> Presets => new()
    {
        { "read-only", ReadOnly },
        { "execution", $"{ReadOnly}, {Execution}" },
        { "developer", $"{ReadOnly}, {Execution}, {Developer}" },
    };

    [Fact]
    public void The_table_has_its_sixty_two_scopes() => Scopes.Should().HaveCount(62);

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task A_published_scope_works_in_keys_tokens_and_introspection(string scope, bool adminOnly)
    {
        var admin = await Owner("aegis:admin");

        (await Catalogue(admin)).Should().Contain(scope);
        var made = (await Make(admin, new { name = scope, scopes = new[] { scope }, expiry = "7d" })).ShouldBe(HttpStatusCode.Created);

        await ShouldAllow(admin, made, [scope]);
        var byOperator = await Make(await Owner("aegis:operator"), new { name = scope, scopes = new[] { scope }, expiry = "7d" });
        if (adminOnly) byOperator.ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        else byOperator.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task A_published_preset_makes_a_key_with_its_scopes(string preset, string published)
    {
        var developer = await Owner("aegis:operator");

        var made = (await Make(developer, new { name = preset, preset, expiry = "90d" })).ShouldBe(HttpStatusCode.Created);

        await ShouldAllow(developer, made, [.. Names(published).SelectMany(Expand), .. Added]);
    }

    [Theory]
    [InlineData("aegis:admin")]
    [InlineData("aegis:operator")]
    public async Task Full_access_is_limited_to_the_role_of_the_creator(string role)
    {
        var owner = await Owner(role);
        var made = (await Make(owner, new { name = "all", preset = "full-access", expiry = "1y" })).ShouldBe(HttpStatusCode.Created);

        var published = Scopes.Where(row => role == "aegis:admin" || !(bool)row[1]).Select(row => (string)row[0]).ToList();
        var actual = Texts(made.Json.GetProperty("scopes"));

        actual.Should().Contain(published);
        actual.Except(published).Select(scope => scope.Split(':')[0])
            .Should().OnlyContain(resource => Rows.All(row => row.Resource != resource));
        await ShouldAllow(owner, made, actual);
    }

    private async Task<ApiClient> Owner(string role) =>
        auth.With(await auth.Key(scopes: [.. Aegis.Auth.Access.Permissions.ScopeCatalogue.All], role: role));

    private async Task ShouldAllow(ApiClient owner, ApiResponse made, IReadOnlyCollection<string> scopes)
    {
        Texts(made.Json.GetProperty("scopes")).Should().BeEquivalentTo(scopes);
        var exchanged = (await auth.Anonymous.With("X-Api-Key", made["key"]!).Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK);
        exchanged["scope"]!.Split(' ').Should().BeEquivalentTo(scopes);
        var token = exchanged["access_token"]!;
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).GetPayloadValue<string>("scope").Split(' ')
            .Should().BeEquivalentTo(scopes);
        foreach (var credential in new[] { made["key"]!, token })
        {
            var session = (await auth.WithToken(credential).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
            Texts(session.Json.GetProperty("scopes")).Should().BeEquivalentTo(scopes);
            var described = await owner.PostContent(Introspect, new FormUrlEncodedContent([KeyValuePair.Create("token", credential)]));
            described.ShouldBe(HttpStatusCode.OK)["scope"]!.Split(' ').Should().BeEquivalentTo(scopes);
        }
    }

    private static async Task<List<string>> Catalogue(ApiClient client) =>
        (await client.Get("/v1/auth/scopes")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("resources").EnumerateArray()
            .SelectMany(row => Texts(row.GetProperty("actions"))
                .Select(action => $"{row.GetProperty("resource").GetString()}:{action}")).ToList();

    private static Task<ApiResponse> Make(ApiClient owner, object body) => owner.Post(Keys, body);

    private static IEnumerable<string> Expand(string name) =>
        name.EndsWith(":*", StringComparison.Ordinal) && name[..^2] is var resource
            ? Rows.Single(row => row.Resource == resource).Actions.Select(action => $"{resource}:{action}")
            : [name];

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    private static List<string> Texts(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!).ToList();
}
