namespace Aegis.Vault.Credentials;

/// <summary>
/// Who may decide where the value of a credential is sent: those who may read it, since they could have it sent to themselves. That is
/// <c>secret:read</c>, also narrowed to this credential. What decides it for many credentials at once, such as a connection, needs the
/// whole scope.
/// </summary>
internal static class Destinations
{
    public static void RequireMaySend(this Caller caller, string credential, string member) =>
        caller.Require(Scopes.SecretRead, credential, $"Setting {member} decides where the value is sent.");

    /// <summary>Refuses a caller who lacks the scope, whole and narrowed to this credential.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="credential">Name of the credential.</param>
    /// <param name="why">Why the scope is needed, as a sentence.</param>
    public static void Require(this Caller caller, string scope, string credential, string why)
    {
        if (caller.Has(scope, credential)) return;
        if (caller.Awaits(scope, credential)) throw StepUp.Refusal();
        throw Refuse.Forbidden("missing_scope", $"This call needs the scope '{scope}'. {why}").With("required_permission", scope);
    }
}
