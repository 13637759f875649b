using System.Net;
using Microsoft.Data.SqlClient;

namespace Aegis.Vault.Providers.Database;

/// <summary>SQL Server through Microsoft.Data.SqlClient: one connection for each call, to a checked address.</summary>
internal sealed class SqlServerEngine(OutboundConnections connections) : DatabaseEngine
{
    public override string Name => DatabaseSettings.SqlServer;

    public override async Task<Tested> LogIn(DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct)
    {
        var (connection, tested) = await Open(settings, organizationId, login, ct);
        if (connection is not null) await connection.DisposeAsync();
        return tested;
    }

    public override async Task SetPassword(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, DatabaseLogin wanted, string? oldPassword, CancellationToken ct)
    {
        if (wanted.Password.Length > SqlServerStatement.MaxCharacters || wanted.Password.Any(char.IsControl))
            throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.ValueUnsupported,
                $"SQL Server accepts passwords of at most {SqlServerStatement.MaxCharacters} characters without control characters.");
        await Alter(settings, organizationId, by,
            SqlServerStatement.SetPassword(wanted.Username, wanted.Password, oldPassword, settings.IsContained), ct);
    }

    public override Task Lock(DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct) =>
        Alter(settings, organizationId, by,
            SqlServerStatement.SetPassword(username, RandomValue.Password(), oldPassword: null, settings.IsContained), ct);

    private async Task Alter(DatabaseSettings settings, string organizationId, DatabaseLogin by, string statement, CancellationToken ct)
    {
        var (connection, tested) = await Open(settings, organizationId, by, ct);
        await using var open = connection ?? throw Denied(tested);
#pragma warning disable CA2100 // quoted in SqlServerStatement: ALTER LOGIN has no parameters
        await using var command = new SqlCommand(statement, open) { CommandTimeout = StatementSeconds };
#pragma warning restore CA2100
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (SqlException e) when (!ct.IsCancellationRequested)
        {
            throw SqlServerFailure.OfStatement(e.Number, e);
        }
        catch (InvalidOperationException e)
        {
            throw new ProviderException(ProviderFault.InDoubt, ProviderCode.AnswerLost,
                "The connection to the database ended before it confirmed the new password.", e);
        }
    }

    /// <summary>An open connection, or why there is none. Every address of the name is tried until one answers.</summary>
    private async Task<(SqlConnection? Connection, Tested Tested)> Open(
        DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct)
    {
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = await connections.Resolve(settings.Host, settings.Port, OutboundPurpose.Db, organizationId, ct);
        }
        catch (OutboundException e)
        {
            return (null, Tested.Unknown(
                e.Code == OutboundException.AddressNotAllowed ? ProviderCode.AddressNotAllowed : ProviderCode.Unreachable, e.Message));
        }

        var tested = Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached.");
        foreach (var address in addresses)
        {
            var connection = new SqlConnection(ConnectionString(settings, address, login));
            try
            {
                await connection.OpenAsync(ct);
                return (connection, Tested.Works);
            }
            catch (SqlException e) when (!ct.IsCancellationRequested)
            {
                await connection.DisposeAsync();
                tested = SqlServerFailure.OfLogin(e.Number, e);
                if (tested.Code != ProviderCode.Unreachable) return (null, tested);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        return (null, tested);
    }

    private static string ConnectionString(DatabaseSettings settings, IPAddress address, DatabaseLogin login)
    {
        var builder = new SqlConnectionStringBuilder
        {
            DataSource = $"tcp:{address},{settings.Port}",
            InitialCatalog = settings.Database,
            UserID = login.Username,
            Password = login.Password,
            Encrypt = settings.Tls == DatabaseSettings.Disable ? SqlConnectionEncryptOption.Optional : SqlConnectionEncryptOption.Mandatory,
            TrustServerCertificate = settings.Tls != DatabaseSettings.VerifyFull,
            Pooling = false,
            ConnectTimeout = ConnectSeconds,
            CommandTimeout = StatementSeconds,
            ConnectRetryCount = 0, // a statement must be sent only once
            PersistSecurityInfo = false,
            ApplicationName = ApplicationName,
        };
        if (settings.Tls == DatabaseSettings.VerifyFull) builder.HostNameInCertificate = settings.Host; // the connection goes to an address
        return builder.ConnectionString;
    }
}

/// <summary>
/// ALTER LOGIN and ALTER USER, which have no parameters: names go in brackets and texts in quotes, with the closing character doubled.
/// </summary>
internal static class SqlServerStatement
{
    public const int MaxCharacters = 128;

    public static string SetPassword(string username, string password, string? oldPassword, bool isContained)
    {
        var old = oldPassword is null ? "" : $" OLD_PASSWORD = {Text(oldPassword)}";
        return $"ALTER {(isContained ? "USER" : "LOGIN")} [{username.Replace("]", "]]", StringComparison.Ordinal)}] WITH PASSWORD = "
            + $"{Text(password)}{old}";
    }

    private static string Text(string text) => $"N'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
