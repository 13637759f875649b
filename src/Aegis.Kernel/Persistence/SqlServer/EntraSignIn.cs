using Azure.Core;
using Azure.Identity;
using Microsoft.Data.SqlClient;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Signs in to SQL Server with Microsoft Entra ID, for the non-interactive values of <c>Authentication</c> in a connection string. The
/// client library does not include these. It calls back for an access token whenever it opens a connection, and Azure.Identity gets and
/// caches the tokens.
/// </summary>
internal sealed class EntraSignIn(SqlAuthenticationMethod method, string? userId, string? password)
{
    /// <summary>The delegate, always the same instance: the client keeps a separate connection pool per delegate.</summary>
    public Func<SqlAuthenticationParameters, CancellationToken, Task<SqlAuthenticationToken>> Callback => callback ??= Token;

    private Func<SqlAuthenticationParameters, CancellationToken, Task<SqlAuthenticationToken>>? callback;
    private TokenCredential? credential;

    /// <summary>Removes the sign-in from a connection string and returns it; null when the string has another sign-in or none.</summary>
    /// <param name="connection"><c>Authentication</c>, <c>User Id</c> and <c>Password</c> are removed when the result is not null.</param>
    /// <exception cref="StartRefusedException">The sign-in is interactive.</exception>
    public static EntraSignIn? From(SqlConnectionStringBuilder connection)
    {
        var method = connection.Authentication;
        if (method is SqlAuthenticationMethod.NotSpecified or SqlAuthenticationMethod.SqlPassword) return null;
        if (method is not (SqlAuthenticationMethod.ActiveDirectoryDefault or SqlAuthenticationMethod.ActiveDirectoryManagedIdentity
            or SqlAuthenticationMethod.ActiveDirectoryMSI or SqlAuthenticationMethod.ActiveDirectoryWorkloadIdentity
            or SqlAuthenticationMethod.ActiveDirectoryServicePrincipal))
        {
            throw new StartRefusedException(
                "ConnectionStrings:Aegis has an interactive Entra sign-in, which a host cannot use. Set Authentication to "
                    + "'Active Directory Default', 'Active Directory Managed Identity', "
                    + "'Active Directory Workload Identity' or 'Active Directory Service Principal'.");
        }

        var signIn = new EntraSignIn(method, NullIfEmpty(connection.UserID), NullIfEmpty(connection.Password));
        connection.Remove("Authentication");
        connection.Remove("User ID");
        connection.Remove("Password");
        return signIn;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private async Task<SqlAuthenticationToken> Token(SqlAuthenticationParameters server, CancellationToken ct)
    {
        credential ??= Credential(server);
        var resource = server.Resource.TrimEnd('/');
        var token = await credential.GetTokenAsync(new TokenRequestContext([$"{resource}/.default"]), ct);
        return new SqlAuthenticationToken(token.Token, token.ExpiresOn);
    }

    /// <param name="server">Its authority ends with the server's tenant.</param>
    private TokenCredential Credential(SqlAuthenticationParameters server) => method switch
    {
        SqlAuthenticationMethod.ActiveDirectoryDefault =>
            new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = userId }),
        SqlAuthenticationMethod.ActiveDirectoryWorkloadIdentity =>
            new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { ClientId = userId }),
        SqlAuthenticationMethod.ActiveDirectoryServicePrincipal =>
            new ClientSecretCredential(new Uri(server.Authority).Segments[^1].Trim('/'), userId, password),
        _ => new ManagedIdentityCredential(userId is null
            ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(userId)),
    };
}
