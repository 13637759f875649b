namespace Aegis.Vault.Providers.Database;

/// <summary>Logs in users and sets passwords on one kind of database.</summary>
internal abstract class DatabaseEngine
{
    /// <summary>The timeout of a login.</summary>
    protected const int ConnectSeconds = 10;

    /// <summary>The timeout of a statement, which changes one row of a catalogue.</summary>
    protected const int StatementSeconds = 15;

    /// <summary>The application name that the server sees.</summary>
    protected const string ApplicationName = "aegis-vault";

    /// <summary>Its name in the configuration.</summary>
    public abstract string Name { get; }

    /// <summary>Tries a login and closes the connection.</summary>
    public abstract Task<Tested> LogIn(DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct);

    /// <summary>Sets a password.</summary>
    /// <param name="settings">The database.</param>
    /// <param name="organizationId">The organization that the call is for.</param>
    /// <param name="by">The login that sets it.</param>
    /// <param name="wanted">The user and its new password.</param>
    /// <param name="oldPassword">The present password, when a user changes its own; null when an admin does.</param>
    /// <param name="ct">Stops waiting.</param>
    public abstract Task SetPassword(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, DatabaseLogin wanted, string? oldPassword,
        CancellationToken ct);

    /// <summary>
    /// When the login of a user expires, whatever its password; null when it does not, or when the engine has no such limit.
    /// </summary>
    /// <param name="settings">The database.</param>
    /// <param name="organizationId">The organization that the call is for.</param>
    /// <param name="by">The login that queries it.</param>
    /// <param name="username">The user.</param>
    /// <param name="ct">Stops waiting.</param>
    public virtual Task<DateTimeOffset?> ExpiryOf(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct) =>
        Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Sets a password that nobody knows.</summary>
    public abstract Task Lock(DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct);

    /// <summary>The exception of a step for a refusal of the login that Aegis itself uses.</summary>
    protected static ProviderException Denied(Tested tested) => tested switch
    {
        { Verdict: Verdict.Refused } =>
            new(ProviderFault.Misconfigured, ProviderCode.AccessRefused, "The database refuses the login that should change the password."),
        {
            Code: ProviderCode.AddressNotAllowed or ProviderCode.TlsFailed or ProviderCode.DatabaseMissing
            or ProviderCode.PermissionMissing
        } =>
            new(ProviderFault.Misconfigured, tested.Code, tested.Message!),
        _ => new(ProviderFault.Unreachable, tested.Code!, tested.Message!),
    };
}
