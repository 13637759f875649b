using Azure.Core;
using Azure.Identity;
using Microsoft.Data.SqlClient;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Signs in to SQL Server with Microsoft Entra ID, for the values of <c>Authentication</c> in a connection string that need no person. The
/// client library has no such sign-in built in: it asks here for an access token whenever it opens a connection, and Azure.Identity gets
/// and caches tokens.
/// </summary>
internal sealed class EntraSignIn(SqlAuthenticationMethod method, string? userId, string? password)
{
    /// <summary>The one delegate of this host: connection pools are told apart by it.</summary>
    public Func<SqlAuthenticationParameters, CancellationToken, Task<SqlAuthenticationToken>> Callback => callback ??= Token;

    private Func<SqlAuthenticationParameters, CancellationToken, Task<SqlAuthenticationToken>>? callback;
    private TokenCredential? credential;

    /// <summary>Takes the sign-in out of a connection string; null when the string has another one, or none.</summary>
    /// <param name="connection">Loses <c>Authentication</c>, <c>User Id</c> and <c>Password</c> when the answer is not null.</param>
    /// <exception cref="StartRefusedException">The sign-in would ask a person.</exception>
    public static EntraSignIn? From(SqlConnectionStringBuilder connection)
    {
        var method = connection.Authentication;
        if (method is SqlAuthenticationMethod.NotSpecified or SqlAuthenticationMethod.SqlPassword) return null;
        if (method is not (SqlAuthenticationMethod.ActiveDirectoryDefault or SqlAuthenticationMethod.ActiveDirectoryManagedIdentity
            or SqlAuthenticationMethod.ActiveDirectoryMSI or SqlAuthenticationMethod.ActiveDirectoryWorkloadIdentity
            or SqlAuthenticationMethod.ActiveDirectoryServicePrincipal))
        {
            throw new StartRefusedException(
                "ConnectionStrings:Aegis asks for an Entra sign-in that a host cannot do. Set Authentication to 'Active Directory "
                    + "Default', "
                + "'Active Directory Managed Identity', 'Active Directory Workload Identity' or 'Active Directory Service Principal'.");
        }

        var signIn = new EntraSignIn(method, Given(connection.UserID), Given(connection.Password));
        connection.Remove("Authentication");
        connection.Remove("User ID");
        connection.Remove("Password");
        return signIn;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private async Task<SqlAuthenticationToken> Token(SqlAuthenticationParameters server, CancellationToken ct)
    {
        credential ??= Credential(server);
        var resource = server.Resource.TrimEnd('/');
        var token = await credential.GetTokenAsync(new TokenRequestContext([$"{resource}/.default"]), ct);
        return new SqlAuthenticationToken(token.Token, token.ExpiresOn);
    }

    /// <param name="server">Its authority ends with the tenant that the server belongs to.</param>
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
