namespace Aegis.Vault.Credentials;

/// <summary>
/// Checks who may decide where the value of a credential is sent: callers who may read it, because they could have it sent to themselves.
/// The scope is <c>secret:read</c>, also narrowed to this credential. A setting for many credentials at once, such as a connection, needs
/// the scope without narrowing.
/// </summary>
internal static class Destinations
{
    public static void RequireMaySend(this Caller caller, string credential, string member) =>
        caller.Require(Scopes.SecretRead, credential, $"Setting {member} decides where the value is sent.");

    /// <summary>Refuses a caller without the scope, unless it has the scope narrowed to this credential.</summary>
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
