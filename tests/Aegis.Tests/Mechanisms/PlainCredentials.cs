using Aegis.Vault.Credentials;
using Aegis.Vault.Persistence;
using Aegis.Vault.Values;

namespace Aegis.Tests.Mechanisms;

/// <summary>Credentials that need no external service.</summary>
internal static class PlainCredentials
{
    public static async Task<string> Register(this AegisApp app, string name) =>
        (await app.As("admin")
            .Post("/v1/credentials", new { name, credential_type = "api_key", provider = "generated", value = $"value of {name}" }))
        .ShouldBe(HttpStatusCode.Created).Id;

    /// <summary>Adds thousands of versions without the API. The value of each is its number.</summary>
    public static async Task AddVersions(this AegisApp app, string credentialId, int count)
    {
        const int atOnce = 2000;
        var now = app.Clock.GetUtcNow();
        for (var done = 1; done <= count; done += atOnce) // version 1 exists
        {
            await using var scope = app.Services.CreateAsyncScope();
            var (db, versions) =
                (scope.ServiceProvider.GetRequiredService<VaultDb>(), scope.ServiceProvider.GetRequiredService<Versions>());
            var credential = await db.Credentials.AsNoTracking().FirstAsync(c => c.Id == credentialId);
            for (var version = done + 1; version <= Math.Min(done + atOnce, count + 1); version++)
                versions.Append(credential, version, new($"{version}"), VersionReason.Rotation, null, now);
            await db.SaveChangesAsync();
        }
    }
}
