using System.Data.Common;
using Aegis.Auth.Access.Revocation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Auth;

/// <summary>A host without its database admits no caller, and does not say that the credential is wrong.</summary>
public sealed class LostDatabaseTests
{
    private const int IoError = 10;

    [SqliteTheory("its errors; LostConnectionTests take the server away")]
    [InlineData(IoError)]
    [InlineData(11)] // corrupt: SQLite's error when the disk cannot be read
    [InlineData(5)] // busy: another process has locked the file
    public async Task Without_its_database_a_host_answers_503_once_its_cache_is_stale(int code)
    {
        var lost = new Lost(code);
        await using var app = await AppWith(lost);
        var key = await app.Auth.Key();
        var token = await app.Auth.Token(key);
        foreach (var credential in new[] { key.Text, token })
            (await app.Auth.WithToken(credential).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        lost.IsOn = true;
        app.Auth.Clock.Advance(CacheFreshness.MaxAge);

        foreach (var credential in new[] { key.Text, token })
        {
            (await app.Auth.WithToken(credential)
                .Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "database_unavailable")
                .Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        }

        lost.IsOn = false;
        foreach (var credential in new[] { key.Text, token })
            (await app.Auth.WithToken(credential).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Started> AppWith(Lost lost)
    {
        var auth =
            AuthApp.On(await AegisApp.StartWith(services => services.ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(lost))));
        return new Started(auth);
    }

    private sealed record Started(AuthApp Auth) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Auth.DisposeAsync();
    }

    private sealed class Lost(int code) : DbCommandInterceptor
    {
        public bool IsOn { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default) =>
            IsOn ? throw new SqliteException("gone", code) : new(result);
    }
}
