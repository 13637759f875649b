using Npgsql;

namespace Aegis.Vault.Providers.Database;

/// <summary>What the codes of PostgreSQL (appendix A of its manual) mean here. Its words are never passed on.</summary>
internal static class PostgresFailure
{
    /// <summary>
    /// True for "too many connections" of a role, of a database or of what is reserved: PostgreSQL says so in these routines, after it has
    /// let the password in. Without a routine it is a pooler that speaks, which has asked nobody.
    /// </summary>
    public static bool ProvesPassword(PostgresException e) =>
        e is { SqlState: PostgresErrorCodes.TooManyConnections, Routine: "InitializeSessionUserId" or "CheckMyDatabase" or "InitPostgres" };

    /// <summary>A role's VALID UNTIL that is over, which the server does not tell from a wrong password.</summary>
    public static Tested Ended(DateTimeOffset end) => Tested.Refused(
        ProviderCode.LoginEnded,
        $"The role's VALID UNTIL is over ({end.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC), so no password logs in. Set a later one with "
            + "ALTER ROLE.");

    /// <summary>Of a login.</summary>
    public static Tested OfLogin(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => Tested.Refused(
            ProviderCode.LoginRefused, "The database refuses the password: it is another one, or the role's VALID UNTIL is over."),
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Tested.Refused(ProviderCode.LoginNotPermitted,
                "The database lets this user in from nowhere, or not from here (NOLOGIN or pg_hba.conf)."),
        PostgresErrorCodes.InvalidCatalogName => Tested.Unknown(ProviderCode.DatabaseMissing, "There is no database of this name."),
        PostgresErrorCodes.InsufficientPrivilege =>
            Tested.Unknown(ProviderCode.PermissionMissing, "The password is right, but the user may not connect to this database."),
        PostgresErrorCodes.TooManyConnections => Tested.Unknown(ProviderCode.TargetBusy, "The database has no connection left."),
        _ => Tested.Unknown(ProviderCode.TargetFailing, $"The database does not let anyone in now (SQLSTATE {e.SqlState})."),
    };

    /// <summary>Of a connection that never came about.</summary>
    public static Tested OfConnection(Exception failure) => failure is NpgsqlException { InnerException: null }
        ? Tested.Unknown(ProviderCode.AnswerUnexpected,
            "The database does not ask for the password by SCRAM or MD5, so it is not told, and nothing is known of it.")
        : Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached, does not answer, or broke the connection off.");

    /// <summary>Of ALTER ROLE. An error that the server answered means that nothing changed, unless the server itself went down.</summary>
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
            new(ProviderFault.Rejected, ProviderCode.ValueRejected, "The database does not take this password.", e),
        { } code when code.StartsWith("57P", StringComparison.Ordinal) || code.StartsWith("08", StringComparison.Ordinal) =>
            new(ProviderFault.InDoubt, ProviderCode.AnswerLost, "The database went down while the password was set.", e),
        _ => new(ProviderFault.Unreachable, ProviderCode.TargetFailing,
            $"The database did not set the password (SQLSTATE {e.SqlState}).", e),
    };
}
