using Aegis.Auth.Access.Permissions;
using Aegis.Vault.Persistence;
using Aegis.Vault.Rotation;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Vault;

/// <summary>Several callers that begin a rotation of one credential at the same moment.</summary>
public sealed class RotationRaceTests
{
    private const int Callers = 4;

    [Theory]
    [InlineData("rotate")]
    [InlineData("rollback")]
    public async Task Of_many_calls_at_once_one_rotates_and_all_others_get_the_same_refusal(string verb)
    {
        var together = new SaveTogether();
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteVaultDb>(o => o.AddInterceptors(together))
                .ConfigureDbContext<SqlServerVaultDb>(o => o.AddInterceptors(together)));
        var auth = AuthApp.On(app);
        var admin = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        (await admin.Post("/v1/credentials", new { name = "shared", credential_type = "api_key", provider = "generated", value = "first" }))
            .ShouldBe(HttpStatusCode.Created);
        (await admin.Put("/v1/credentials/shared/value", new { value = "second" })).ShouldBe(HttpStatusCode.OK);
        object body = verb == "rotate" ? new { trigger = "manual" } : new { version = 1 };

        together.Expected = Callers;
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => admin.Post($"/v1/credentials/shared/{verb}", body)));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
        var refused = answers.Where(a => a.Status != HttpStatusCode.OK).ToList();
        refused.Should().HaveCount(Callers - 1).And.OnlyContain(a => a.Status == HttpStatusCode.Conflict);
        foreach (var one in refused)
        {
            (one["error"], one["message"], one["retry_after_ms"], one["code"]).Should()
                .Be(("conflict", "Credential is currently being rotated", "5000", "credential_rotating"));
            one.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(5));
        }

        (await admin.Get("/v1/credentials/shared/rotations")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
        await app.DisposeAsync();
    }

    /// <summary>Delays the saves until all calls have begun.</summary>
    private sealed class SaveTogether : SaveChangesInterceptor
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int here;

        public int Expected { get; set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Expected > 0 && eventData.Context!.ChangeTracker.Entries<RotationRun>().Any(e => e.State is EntityState.Added))
            {
                if (Interlocked.Increment(ref here) == Expected) all.SetResult();
                await all.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            }

            return result;
        }
    }
}
