using System.Data.Common;
using Aegis.Auth.Persistence;
using Aegis.Tests.App;
using Aegis.Tests.Auth;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Tests.People;

/// <summary>What an attempt to sign in costs, whoever it is about: the time of the answer is made of that.</summary>
public sealed class SignInWorkTests
{
    [Fact]
    public async Task A_wrong_password_costs_as_many_writes_whether_the_address_has_a_user_or_not()
    {
        var writes = new CountCommits();
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(writes)).ConfigureDbContext<SqlServerAuthDb>(o => o.AddInterceptors(writes)));
        var person = app.Person("cons_456");
        using var browser = new Browser(app);
        var page = await browser.Get("/sign-in");

        var known = await Try(person.Email);
        var unknown = await Try("nobody@cons-456.sandbox.example");
        for (var i = 0; i < 5; i++) await Try(person.Email);
        var locked = await Try(person.Email);
        await app.Use<AuthDb>(db => db.Users.Where(u => u.Email == person.Email).ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, app.Clock.GetUtcNow())));
        var disabled = await Try(person.Email);

        known.Should().Be(2, "the attempt is counted before it is looked at, and then what it came to");
        new[] { unknown, locked, disabled }.Should().AllBeEquivalentTo(known);
        await app.DisposeAsync();

        async Task<int> Try(string email)
        {
            var before = writes.Count;
            (await browser.Send(page, "/sign-in", ("Email", email), ("Password", "not the password"))).Status.Should().Be(System.Net.HttpStatusCode.Forbidden);
            return writes.Count - before;
        }
    }

    private sealed class CountCommits : DbTransactionInterceptor
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        }
    }
}
