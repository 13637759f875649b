using Aegis.Auth;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Contracts.Identity;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Auth;

public sealed class OrganizationTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_caller_sees_its_own_organization()
    {
        var client = auth.With(await auth.Key("prov_123", ["org:read"]));

        var response = (await client.Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);

        response.Id.Should().Be("prov_123");
        response["name"].Should().Be("Sandbox Imaging Center");
        response["provider"].Should().Be("True");
        response["consumer"].Should().Be("False");
        response["createdAt"].Should().EndWith("Z");
    }

    [Fact]
    public async Task Reading_the_organization_needs_a_scope()
    {
        var client = auth.With(await auth.Key(scopes: ["study:read"]));

        (await client.Get("/v1/organizations/me")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task The_catalogue_is_served_with_notes_and_presets()
    {
        var client = auth.With(await auth.Key(scopes: []));

        var response = (await client.Get("/v1/auth/scopes")).ShouldBe(HttpStatusCode.OK);

        var resources = response.Json.GetProperty("resources").EnumerateArray().ToList();
        resources.Should().HaveCount(17);
        resources[0].GetProperty("resource").GetString().Should().Be("agent");
        resources[0].GetProperty("notes").GetString().Should().Be("generate = natural language → manifest");
        response.Json.GetProperty("presets").EnumerateArray().Select(p => p.GetProperty("name").GetString())
            .Should().Equal("read-only", "execution", "developer", "full-access", "study-consumer", "study-provider");
    }

    [Fact]
    public async Task An_email_belongs_to_one_user()
    {
        var now = auth.Clock.GetUtcNow();

        var save = () => auth.App.Use<AuthDb>(async db =>
        {
            db.AddRange(
                User.Create("usr_a", "cons_456", "Someone@example.org", "Test user", null, now),
                User.Create("usr_b", "cons_789", "someone@EXAMPLE.org", "Test user", null, now));
            await db.SaveChangesAsync();
        });

        await save.Should().ThrowAsync<DbUpdateException>();
    }

    [Fact]
    public async Task The_key_directory_knows_which_credentials_are_still_valid()
    {
        var active = await auth.Key();
        var revoked = await auth.Key();
        await auth.Revoke(revoked);

        (await IsActive(active.Id)).Should().BeTrue();
        (await IsActive(revoked.Id)).Should().BeFalse();
        (await IsActive("key_unknown")).Should().BeFalse();
    }

    [Theory]
    [InlineData("Auth:Issuer", "realm")]
    [InlineData("Auth:Issuer", "ftp://aegis.example")]
    [InlineData("Auth:TokenLifetimeSeconds", "59")]
    [InlineData("Auth:TokenLifetimeSeconds", "3601")]
    public void A_wrong_option_stops_the_start_and_is_named(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        var read = () => AuthOptions.From(configuration);

        read.Should().Throw<InvalidOperationException>().WithMessage($"*{key}*");
    }

    private Task<bool> IsActive(string id) => auth.App.Use<IKeyDirectory, bool>(d => d.IsActive(id, CancellationToken.None));
}
