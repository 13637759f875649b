using System.Net;
using System.Security.Authentication;
using Aegis.Kernel.Outbound;
using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>PostgreSQL through Npgsql: one connection for each call, to an address that was checked.</summary>
internal sealed class PostgresEngine(OutboundConnections connections) : DatabaseEngine
{
    public override string Name => DatabasePlace.Postgres;

    public override async Task<Tested> LogIn(DatabasePlace place, string organizationId, Login login, CancellationToken ct)
    {
        var (connection, tested) = await Open(place, organizationId, login, ct);
        if (connection is not null) await connection.DisposeAsync();
        return tested;
    }

    public override Task SetPassword(DatabasePlace place, string organizationId, Login by, Login wanted, string? oldPassword, CancellationToken ct) =>
        ScramVerifier.CanHold(wanted.Password)
            ? Alter(place, organizationId, by, wanted.Username, ScramVerifier.Of(wanted.Password), ct)
            : throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.ValueUnsupported, "Passwords with characters outside of printable ASCII are not set: servers and clients prepare them differently.");

    public override Task Lock(DatabasePlace place, string organizationId, Login by, string username, CancellationToken ct) =>
        Alter(place, organizationId, by, username, ScramVerifier.OfNothing(), ct);

    /// <summary>The statement; a verifier is base64 and needs no quoting, and is refused if it ever did.</summary>
    public static string Statement(string username, string verifier) => verifier.Contains('\'') || verifier.Contains('\\')
        ? throw new ArgumentException("This is no verifier.", nameof(verifier))
        : $"ALTER ROLE \"{username.Replace("\"", "\"\"", StringComparison.Ordinal)}\" PASSWORD '{verifier}'";

    private async Task Alter(DatabasePlace place, string organizationId, Login by, string username, string verifier, CancellationToken ct)
    {
        var (connection, tested) = await Open(place, organizationId, by, ct);
        await using var open = connection ?? throw Denied(tested);
#pragma warning disable CA2100 // identifier and verifier are quoted above: ALTER ROLE takes no parameters
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
            throw new ProviderException(ProviderFault.InDoubt, ProviderCode.AnswerLost, "The connection to the database ended before it confirmed the new password.", e);
        }
    }

    /// <summary>An open connection, or why there is none. Every address of the name is tried until one answers.</summary>
    private async Task<(NpgsqlConnection? Connection, Tested Tested)> Open(DatabasePlace place, string organizationId, Login login, CancellationToken ct)
    {
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = await connections.Resolve(place.Host, place.Port, OutboundPurpose.Db, organizationId, ct);
        }
        catch (OutboundException e)
        {
            return (null, Tested.Unknown(e.Code == OutboundException.AddressNotAllowed ? ProviderCode.AddressNotAllowed : ProviderCode.Unreachable, e.Message));
        }

        var tested = Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached.");
        foreach (var address in addresses)
        {
            var source = Source(place, address, login);
            try
            {
                return (await source.OpenConnectionAsync(ct), Tested.Works);
            }
            catch (PostgresException e)
            {
                return (null, PostgresFailure.OfLogin(e));
            }
            catch (NpgsqlException e) when (e.InnerException is AuthenticationException)
            {
                return (null, Tested.Unknown(ProviderCode.TlsFailed, "The database's TLS certificate or protocol is not acceptable."));
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException && !ct.IsCancellationRequested)
            {
                tested = PostgresFailure.OfConnection(e);
            }
            finally
            {
                await source.DisposeAsync(); // an open connection stays open: without a pool nothing else is held
            }
        }

        return (null, tested);
    }

    private static NpgsqlDataSource Source(DatabasePlace place, IPAddress address, Login login)
    {
        var builder = new NpgsqlSlimDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = address.ToString(),
                Port = place.Port,
                Database = place.Database,
                Username = login.Username,
                Password = login.Password,
                Pooling = false,
                Timeout = ConnectSeconds,
                CommandTimeout = StatementSeconds,
                ApplicationName = ApplicationName,
                GssEncryptionMode = GssEncryptionMode.Disable,
                RequireAuth = "ScramSHA256,MD5", // a false server cannot ask for the password in clear, nor one that trusts everybody make every value work
                IncludeErrorDetail = false,
            },
        };
        PostgresTls.Apply(builder, place);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // nothing is read
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => false)); // statements hold verifiers
        return builder.Build();
    }
}
