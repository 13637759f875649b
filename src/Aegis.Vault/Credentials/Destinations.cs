using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Refusals;

namespace Aegis.Vault.Credentials;

/// <summary>
/// Who may decide where the value of a credential is sent: those who may read it, since they could have it sent to themselves. That is
/// <c>secret:read</c>, also narrowed to this credential. What decides it for many credentials at once, such as a connection, needs the whole scope.
/// </summary>
internal static class Destinations
{
    public static void RequireMaySend(this Caller caller, string credential, string member)
    {
        if (caller.Has(Scopes.SecretRead, credential)) return;
        if (caller.Withheld?.Contains(Scopes.SecretRead) is true) throw StepUp.Refusal();
        throw Refuse.Forbidden("missing_scope", $"Setting {member} needs the scope '{Scopes.SecretRead}': it decides where the value is sent.")
            .With("required_permission", Scopes.SecretRead);
    }
}
