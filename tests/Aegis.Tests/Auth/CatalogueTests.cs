using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.Auth;

/// <summary>The catalogue and the presets, compared with a full copy of the published table.</summary>
public sealed class CatalogueTests
{
    private static readonly string[] ReadOnly =
    [
        "agent:read", "agent:list", "workflow:read", "workflow:list", "execution:read", "execution:list", "execution:logs",
        "swarm:read", "swarm:list", "node:read", "node:list", "study:read", "audit:read",
    ];

    private static readonly string[] Execution =
    [
        .. ReadOnly,
        "agent:execute", "agent:logs", "workflow:run", "workflow:logs", "workflow:signal", "workflow:cancel",
        "execution:stream", "execution:cancel", "swarm:cancel", "approval:read", "approval:list", "approval:approve", "approval:reject",
    ];

    private static readonly string[] Developer =
    [
        .. Execution,
        "agent:deploy", "agent:generate", "agent:delete", "workflow:deploy", "workflow:validate", "workflow:generate", "workflow:delete",
        "execution:remove", "credential:read", "credential:list", "credential:create", "stimulus:ingest",
        "key:read", "key:list", "key:create", "key:revoke",
    ];

    private static readonly string[] AdminOnly =
    [
        "node:register", "node:deregister", "node:drain", "node:shutdown",
        "stack:up", "stack:down", "stack:restart", "stack:update", "stack:uninstall", "tenant:onboard", "tenant:provision",
    ];

    private static readonly string[] All =
    [
        "agent:deploy", "agent:read", "agent:list", "agent:execute", "agent:generate", "agent:logs", "agent:delete",
        "workflow:deploy", "workflow:read", "workflow:list", "workflow:run", "workflow:validate", "workflow:generate", "workflow:logs",
        "workflow:signal", "workflow:cancel", "workflow:delete",
        "execution:read", "execution:list", "execution:stream", "execution:logs", "execution:cancel", "execution:remove",
        "swarm:read", "swarm:list", "swarm:cancel",
        "secret:read", "secret:write", "secret:list", "secret:delete", "secret:rotate",
        "credential:read", "credential:list", "credential:create", "credential:delete", "credential:rotate", "credential:grant",
        "approval:read", "approval:list", "approval:approve", "approval:reject",
        "stimulus:ingest",
        "node:read", "node:list", "node:register", "node:deregister", "node:drain", "node:shutdown",
        "stack:read", "stack:up", "stack:down", "stack:restart", "stack:update", "stack:uninstall",
        "key:read", "key:list", "key:create", "key:revoke",
        "tenant:read", "tenant:list", "tenant:onboard", "tenant:provision",
        "study:request", "study:read", "study:fulfill", "study:decline", "study:open", "study:destroy", "study:dispute",
        "webhook:read", "webhook:write", "audit:read", "org:read", "org:write", "session:assert",
    ];

    public static TheoryData<string, string[]> PublishedPresets => new()
    {
        { "read-only", ReadOnly },
        { "execution", Execution },
        { "developer", Developer },
        { "full-access", All },
        {
            "study-consumer",
            [
                "study:request", "study:read", "study:open", "study:destroy", "study:dispute",
                "webhook:read", "webhook:write", "audit:read", "org:read",
            ]
        },
        {
            "study-provider",
            [
                "study:read", "study:fulfill", "study:decline", "study:destroy", "study:dispute",
                "webhook:read", "webhook:write", "audit:read", "org:read",
            ]
        },
    };

    [Fact]
    public void The_catalogue_is_the_published_one() => ScopeCatalogue.All.Should().BeEquivalentTo(All);

    [Theory]
    [MemberData(nameof(PublishedPresets))]
    public void A_preset_contains_the_published_scopes(string name, string[] scopes) =>
        Presets.All.Single(p => p.Name == name).Scopes.Should().BeEquivalentTo(scopes);

    [Fact]
    public void There_are_no_other_presets() => Presets.All.Should().HaveCount(6);

    [Fact]
    public void Every_scope_that_an_operation_requires_is_in_the_catalogue() =>
        typeof(Aegis.Contracts.Identity.Scopes).GetFields().Select(f => (string)f.GetValue(null)!).Should().BeSubsetOf(ScopeCatalogue.All);

    [Fact]
    public void A_wildcard_means_all_actions_of_its_resource() =>
        ScopeCatalogue.Expand(["approval:*", "approval:read", "org:read"])
            .Should().Equal("approval:read", "approval:list", "approval:approve", "approval:reject", "org:read");

    [Theory]
    [InlineData("agent:fly")]
    [InlineData("volume:*")]
    [InlineData("*")]
    [InlineData("*:*")]
    [InlineData("Agent:read")]
    public void An_unknown_scope_is_not_expanded(string scope)
    {
        var expand = () => ScopeCatalogue.Expand([scope]);

        expand.Should().Throw<ArgumentException>().WithMessage($"*'{scope}'*");
    }

    [Fact]
    public void An_admin_has_every_scope() => Roles.Limit(All, "aegis:admin").Should().BeEquivalentTo(All);

    [Fact]
    public void An_operator_has_every_scope_except_changes_of_nodes_stack_and_tenants() =>
        Roles.Limit(All, "aegis:operator").Should().BeEquivalentTo(All.Except(AdminOnly));

    [Theory]
    [InlineData(null)]
    [InlineData("aegis:unknown")]
    public void Without_a_known_role_only_reading_remains(string? role) => Roles.Limit(All, role).Should().BeEquivalentTo(ReadOnly);

    [Fact]
    public void A_role_adds_no_scopes() => Roles.Limit(["org:read"], "aegis:admin").Should().Equal("org:read");
}
