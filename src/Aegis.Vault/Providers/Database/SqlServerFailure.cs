namespace Aegis.Vault.Providers.Database;

/// <summary>Maps error numbers of SQL Server to results. The server's messages are never passed on.</summary>
internal static class SqlServerFailure
{
    private const int CertificateChain = -2146893019; // SEC_E_UNTRUSTED_ROOT
    private const int CertificateName = -2146893022; // SEC_E_WRONG_PRINCIPAL

    /// <summary>The result of a failed login.</summary>
    public static Tested OfLogin(int number, Exception failure) => number switch
    {
        18456 => Tested.Refused(ProviderCode.LoginRefused, "The database refuses the password."),
        18470 or 18486 => Tested.Refused(ProviderCode.LoginNotPermitted, "The login is disabled or locked out."),
        18487 or 18488 => Tested.Refused(ProviderCode.LoginNotPermitted, "The password has expired or must be changed at the next login."),
        4060 or 4064 => Tested.Unknown(ProviderCode.DatabaseMissing, "The database does not exist, or this user may not open it."),
        916 => Tested.Unknown(ProviderCode.PermissionMissing, "The password is right, but the user may not use this database."),
        10928 or 10929 or 40501 or 17809 => Tested.Unknown(ProviderCode.TargetBusy, "The database accepts no more connections now."),
        17142 or 40197 or 40613 or 18451 or 6005 => Tested.Unknown(ProviderCode.TargetFailing, "The database accepts no logins now."),
        CertificateChain or CertificateName => Tls(),
        _ when IsTls(failure) => Tls(),
        > 50 and not (64 or 121 or 233 or 258 or 10053 or 10054 or 10060 or 10061 or 11001) =>
            Tested.Unknown(ProviderCode.TargetFailing, $"The database accepts no logins now (error {number})."),
        _ => Tested.Unknown(ProviderCode.Unreachable, "The database cannot be reached, or does not answer."),
    };

    /// <summary>
    /// The failure of the statement. An error from the server means that nothing changed; a network error number leaves the result unknown.
    /// </summary>
    public static ProviderException OfStatement(int number, Exception cause) => number switch
    {
        15151 =>
            new(ProviderFault.Misconfigured, ProviderCode.UserMissing,
                "There is no such login or user, or the login that Aegis itself uses may not alter it (ALTER ANY LOGIN).", cause),
        15247 or 229 or 262 or 300 or 15210 =>
            new(ProviderFault.Misconfigured, ProviderCode.PermissionMissing,
                "The login that Aegis itself uses may not change passwords (ALTER ANY LOGIN).", cause),
        15113 or 15114 or 15115 or 15116 or 15117 or 15118 or 15119 or 15121 =>
            new(ProviderFault.Rejected, ProviderCode.ValueRejected,
                "The server's password policy rejects this password.", cause),
        > 50 and not (64 or 121 or 233 or 258 or 6005 or 10053 or 10054 or 10060 or 40197 or 40613) =>
            new(ProviderFault.Unreachable, ProviderCode.TargetFailing, $"The database did not set the password (error {number}).", cause),
        _ => new(ProviderFault.InDoubt, ProviderCode.AnswerLost,
            "The connection to the database ended before it confirmed the new password.", cause),
    };

    private static Tested Tls() => Tested.Unknown(ProviderCode.TlsFailed, "The database's TLS certificate or protocol is not acceptable.");

    private static bool IsTls(Exception failure) => failure.InnerException is System.Security.Authentication.AuthenticationException;
}
