using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Web.Refusals;

namespace Aegis.Tests.Mechanisms;

/// <summary>Concurrent decisions about one row.</summary>
public sealed class DecisionTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task After_a_conflict_the_decision_is_made_again_with_the_current_row()
    {
        var id = (await Make()).Id;
        var seen = new List<string?>();

        await app.Use<AuthDb>(async db => await db.RetryOnConflict(async () =>
        {
            var user = await db.Users.SingleAsync(u => u.Id == id);
            seen.Add(user.Role);
            user.Rename($"Decided as {user.Role}");
            if (seen.Count == 1) await Promote(id);
            await db.SaveChangesAsync();
        }));

        seen.Should().Equal(Roles.Operator, Roles.Admin);
        (await app.Use<AuthDb, string>(db => db.Users.Where(u => u.Id == id).Select(u => u.Name).SingleAsync()))
            .Should().Be($"Decided as {Roles.Admin}");
        (await app.NamesOf(id, "user.renamed")).Should().ContainSingle("nothing of the failed save is stored");
    }

    [Fact]
    public async Task After_twenty_conflicts_the_last_one_is_thrown()
    {
        var id = (await Make()).Id;
        var attempts = 0;

        var decide = () => app.Use<AuthDb>(async db => await db.RetryOnConflict(async () =>
        {
            (await db.Users.SingleAsync(u => u.Id == id)).Rename($"Attempt {++attempts}");
            await app.Use<AuthDb>(async other =>
            {
                (await other.Users.SingleAsync(u => u.Id == id)).Rename($"Faster than {attempts}");
                await other.SaveChangesAsync();
            });
            await db.SaveChangesAsync();
        }));

        await decide.Should().ThrowAsync<DbUpdateConcurrencyException>();
        attempts.Should().Be(20);
    }

    [Fact]
    public async Task A_refusal_is_not_retried()
    {
        var attempts = 0;

        var decide = () =>
            app.Use<AuthDb>(async db =>
                await db.RetryOnConflict(() => ++attempts > 0 ? throw Refuse.NotFound("user") : Task.CompletedTask));

        await decide.Should().ThrowAsync<RefusedException>();
        attempts.Should().Be(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unique_violation_is_retried_only_on_request(bool alsoWhenTaken)
    {
        var taken = (await Make()).Email;
        var attempts = 0;

        var decide = () => app.Use<AuthDb, User>(db => db.RetryOnConflict(async () =>
        {
            var user = New(++attempts == 1 ? taken : $"another-{taken}");
            db.Add(user);
            await db.SaveChangesAsync();
            return user;
        }, alsoWhenTaken));

        if (alsoWhenTaken) (await decide()).Email.Should().Be($"another-{taken}");
        else await decide.Should().ThrowAsync<DbUpdateException>();
        attempts.Should().Be(alsoWhenTaken ? 2 : 1);
    }

    private Task<User> Make() => app.Use<AuthDb, User>(async db =>
    {
        var user = New($"{Ids.New("u", app.Clock.GetUtcNow())}@example.org");
        db.Add(user);
        await db.SaveChangesAsync();
        return user;
    });

    private User New(string email) =>
        User.Create(Ids.New("usr", app.Clock.GetUtcNow()), "cons_456", email, "Test person", Roles.Operator, app.Clock.GetUtcNow());

    private Task Promote(string id) => app.Use<AuthDb>(async db =>
    {
        (await db.Users.SingleAsync(u => u.Id == id)).ChangeRole(Roles.Admin);
        await db.SaveChangesAsync();
    });
}
