using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>Maps error codes of PostgreSQL (appendix A of its manual) to results. The server's messages are never passed on.</summary>
internal static class PostgresFailure
{
    /// <summary>
    /// True for "too many connections" of a role, of a database or of the reserved slots: PostgreSQL raises it in these routines, after it
    /// has accepted the password. Without a routine it comes from a pooler, which has checked nothing.
    /// </summary>
    public static bool ProvesPassword(PostgresException e) =>
        e is { SqlState: PostgresErrorCodes.TooManyConnections, Routine: "InitializeSessionUserId" or "CheckMyDatabase" or "InitPostgres" };

    /// <summary>The result for a role whose VALID UNTIL has passed. The server itself answers as for a wrong password.</summary>
    public static Tested Ended(DateTimeOffset end) => Tested.Refused(
        ProviderCode.LoginEnded,
        $"The role's VALID UNTIL has passed ({end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC), so no password logs in. Set a later one with "
            + "ALTER ROLE.");

    /// <summary>The result of a failed login.</summary>
    public static Tested OfLogin(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => Tested.Refused(
            ProviderCode.LoginRefused, "The database refuses the password: it is wrong, or the role's VALID UNTIL has passed."),
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Tested.Refused(ProviderCode.LoginNotPermitted,
                "The database does not let this user log in, or not from this address (NOLOGIN or pg_hba.conf)."),
        PostgresErrorCodes.InvalidCatalogName => Tested.Unknown(ProviderCode.DatabaseMissing, "There is no database with this name."),
        PostgresErrorCodes.InsufficientPrivilege =>
            Tested.Unknown(ProviderCode.PermissionMissing, "The password is right, but the user may not connect to this database."),
        PostgresErrorCodes.TooManyConnections => Tested.Unknown(ProviderCode.TargetBusy, "The database has no free connection."),
        _ => Tested.Unknown(ProviderCode.TargetFailing, $"The database accepts no logins now (SQLSTATE {e.SqlState})."),
    };

    /// <summary>The result when no connection could be opened.</summary>
    public static Tested OfConnection(Exception failure) => failure is NpgsqlException { InnerException: null }
        ? Tested.Unknown(ProviderCode.AnswerUnexpected,
            "The database does not ask for the password by SCRAM or MD5, so the password was not sent or tested.")
        : Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached, does not answer, or closed the connection.");

    /// <summary>
    /// The failure of ALTER ROLE. An error from the server means that nothing changed, unless the server itself went down.
    /// </summary>
    public static ProviderException OfStatement(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            new(ProviderFault.Misconfigured, ProviderCode.PermissionMissing,
                "The login may not change this password. Give the admin CREATEROLE, and from PostgreSQL 16 also ADMIN OPTION on the user.",
                e),
        PostgresErrorCodes.UndefinedObject =>
            new(ProviderFault.Misconfigured, ProviderCode.UserMissing,
                "There is no such user in the database. Create it first: Aegis only sets passwords.", e),
        PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.InvalidPassword =>
            new(ProviderFault.Rejected, ProviderCode.ValueRejected, "The database rejects this password.", e),
        { } code when code.StartsWith("57P", StringComparison.Ordinal) || code.StartsWith("08", StringComparison.Ordinal) =>
            new(ProviderFault.InDoubt, ProviderCode.AnswerLost, "The database went down while the password was set.", e),
        _ => new(ProviderFault.Unreachable, ProviderCode.TargetFailing,
            $"The database did not set the password (SQLSTATE {e.SqlState}).", e),
    };
}
