using System.Net;
using System.Security.Authentication;
using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>PostgreSQL through Npgsql: one connection for each call, to a checked address.</summary>
internal sealed class PostgresEngine(OutboundConnections connections) : DatabaseEngine
{
    private const long FirstSecond = -62_135_596_800; // of the year 1
    private const long LastSecond = 253_402_300_799; // of the year 9999, where DateTimeOffset ends
    private const string ValidUntilQuery =
        "SELECT CASE WHEN isfinite(rolvaliduntil) THEN floor(extract(epoch FROM rolvaliduntil))::bigint END FROM pg_catalog.pg_roles WHERE "
            + "rolname = $1";

    public override string Name => DatabaseSettings.Postgres;

    public override async Task<Tested> LogIn(DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct)
    {
        var (connection, tested, isProven) = await Open(settings, organizationId, login, ct);
        if (connection is null) return isProven ? Tested.Works : tested;
        await using var open = connection;
        return tested with { ExpiresAt = await ValidUntil(open, login.Username, ct) };
    }

    public override async Task<DateTimeOffset?> ExpiryOf(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct)
    {
        var (connection, tested, _) = await Open(settings, organizationId, by, ct);
        await using var open = connection ?? throw Denied(tested);
        return await ValidUntil(open, username, ct);
    }

    public override Task SetPassword(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, DatabaseLogin wanted, string? oldPassword,
        CancellationToken ct) =>
        ScramVerifier.CanHold(wanted.Password)
            ? Alter(settings, organizationId, by, wanted.Username, ScramVerifier.Of(wanted.Password), ct)
            : throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
                "Passwords with characters outside printable ASCII are not set: servers and clients prepare them differently.");

    public override Task Lock(DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct) =>
        Alter(settings, organizationId, by, username, ScramVerifier.OfNothing(), ct);

    /// <summary>The statement. A verifier is base64 and needs no quoting; one that would need it is refused.</summary>
    public static string Statement(string username, string verifier) => verifier.Contains('\'') || verifier.Contains('\\')
        ? throw new ArgumentException("This is not a verifier.", nameof(verifier))
        : $"ALTER ROLE \"{username.Replace("\"", "\"\"", StringComparison.Ordinal)}\" PASSWORD '{verifier}'";

    /// <summary>VALID UNTIL of a role; null when there is none, or when the server does not say: then the login decides.</summary>
    private static async Task<DateTimeOffset?> ValidUntil(NpgsqlConnection open, string username, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ValidUntilQuery, open) { CommandTimeout = StatementSeconds };
        command.Parameters.Add(new NpgsqlParameter { Value = username, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        try
        {
            return await command.ExecuteScalarAsync(ct) is long seconds and > FirstSecond and < LastSecond
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
        }
        // poolers and compatible servers differ
        catch (Exception e) when (e is NpgsqlException or InvalidCastException or NotSupportedException)
        {
            return null;
        }
    }

    private async Task Alter(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, string verifier, CancellationToken ct)
    {
        var (connection, tested, _) = await Open(settings, organizationId, by, ct);
        await using var open = connection ?? throw Denied(tested);
#pragma warning disable CA2100 // identifier and verifier are quoted above: ALTER ROLE has no parameters
        await using var command = new NpgsqlCommand(Statement(username, verifier), open) { CommandTimeout = StatementSeconds };
#pragma warning restore CA2100
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e)
        {
            throw PostgresFailure.OfStatement(e);
        }
        catch (NpgsqlException e)
        {
            throw new ProviderException(ProviderFault.InDoubt, ProviderCode.AnswerLost,
                "The connection to the database ended before it confirmed the new password.", e);
        }
    }

    /// <summary>
    /// An open connection, or why there is none, and whether the server has shown that the password is right. Every address of the name is
    /// tried until one answers.
    /// </summary>
    private async Task<(NpgsqlConnection? Connection, Tested Tested, bool IsProven)> Open(
        DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct)
    {
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = await connections.Resolve(settings.Host, settings.Port, OutboundPurpose.Db, organizationId, ct);
        }
        catch (OutboundException e)
        {
            var code = e.Code == OutboundException.AddressNotAllowed ? ProviderCode.AddressNotAllowed : ProviderCode.Unreachable;
            return (null, Tested.Unknown(code, e.Message), false);
        }

        var tested = Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached.");
        foreach (var address in addresses)
        {
            var asked = new PasswordAsked();
            var source = Source(settings, address, login, asked);
            try
            {
                return (await source.OpenConnectionAsync(ct), Tested.Works, true);
            }
            catch (PostgresException e)
            {
                // Even without a free connection the server shows whether the password is right, because it checks the password first.
                return (null, PostgresFailure.OfLogin(e), asked.IsAsked && PostgresFailure.ProvesPassword(e));
            }
            catch (NpgsqlException e) when (e.InnerException is AuthenticationException)
            {
                return (null, Tested.Unknown(
                    ProviderCode.TlsFailed, "The database's TLS certificate or protocol is not acceptable."), false);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException && !ct.IsCancellationRequested)
            {
                tested = PostgresFailure.OfConnection(e);
            }
            finally
            {
                await source.DisposeAsync(); // an open connection stays open: without a pool the source owns nothing else
            }
        }

        return (null, tested, false);
    }

    private static NpgsqlDataSource Source(DatabaseSettings settings, IPAddress address, DatabaseLogin login, PasswordAsked asked)
    {
        var builder = new NpgsqlSlimDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = address.ToString(),
                Port = settings.Port,
                Database = settings.Database,
                Username = login.Username,
                Pooling = false,
                Timeout = ConnectSeconds,
                CommandTimeout = StatementSeconds,
                ApplicationName = ApplicationName,
                GssEncryptionMode = GssEncryptionMode.Disable,
                // A fake server cannot ask for the plaintext password, and a server that trusts everyone cannot make every value seem to
                // work.
                RequireAuth = "ScramSHA256,MD5",
                IncludeErrorDetail = false,
            },
        };
        builder.UsePasswordProvider(_ => asked.Give(login), (_, _) => ValueTask.FromResult(asked.Give(login)));
        PostgresTls.Apply(builder, settings);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // no types are read
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => false)); // statements contain verifiers
        return builder.Build();
    }

    /// <summary>Records whether the server asked for the password, which <c>RequireAuth</c> allows only by SCRAM or MD5.</summary>
    private sealed class PasswordAsked
    {
        public bool IsAsked { get; private set; }

        public string Give(DatabaseLogin login)
        {
            IsAsked = true;
            return login.Password;
        }
    }
}
