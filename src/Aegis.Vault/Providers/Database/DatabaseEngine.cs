namespace Aegis.Vault.Providers.Database;

/// <summary>How one kind of database logs a user in and sets a password.</summary>
internal abstract class DatabaseEngine
{
    /// <summary>Longest time that a login may take.</summary>
    protected const int ConnectSeconds = 10;

    /// <summary>Longest time that a statement may take; it changes one row of a catalogue.</summary>
    protected const int StatementSeconds = 15;

    /// <summary>What the server is told to be called by.</summary>
    protected const string ApplicationName = "aegis-vault";

    /// <summary>Its word in the configuration.</summary>
    public abstract string Name { get; }

    /// <summary>Tries a login and leaves again.</summary>
    public abstract Task<Tested> LogIn(DatabaseSettings settings, string organizationId, DatabaseLogin login, CancellationToken ct);

    /// <summary>Sets a password.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="wanted">Whose password becomes what.</param>
    /// <param name="oldPassword">The password so far, when a user changes its own; null when an admin does.</param>
    /// <param name="ct">Ends the wait.</param>
    public abstract Task SetPassword(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, DatabaseLogin wanted, string? oldPassword,
        CancellationToken ct);

    /// <summary>When the password of a user ends, whatever it is; null when it does not, or when the engine has no such end.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="username">Whose.</param>
    /// <param name="ct">Ends the wait.</param>
    public virtual Task<DateTimeOffset?> EndOf(
        DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct) =>
        Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Gives a user a password that nobody knows.</summary>
    public abstract Task Lock(DatabaseSettings settings, string organizationId, DatabaseLogin by, string username, CancellationToken ct);

    /// <summary>A refusal of the login that Aegis works with, as the exception of a step.</summary>
    protected static ProviderException Denied(Tested tested) => tested switch
    {
        { Verdict: Verdict.Refused } =>
            new(ProviderFault.Misconfigured, ProviderCode.AccessRefused, "The database refuses the login that is to change the password."),
        {
            Code: ProviderCode.AddressNotAllowed or ProviderCode.TlsFailed or ProviderCode.DatabaseMissing
            or ProviderCode.PermissionMissing
        } =>
            new(ProviderFault.Misconfigured, tested.Code, tested.Message!),
        _ => new(ProviderFault.Unreachable, tested.Code!, tested.Message!),
    };
}
