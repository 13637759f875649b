namespace Aegis.Vault.Providers;

/// <summary>What may have happened at the provider when a call failed. It decides how a rotation continues.</summary>
internal enum ProviderFault
{
    /// <summary>The provider rejected this value. Nothing changed there; a new value may be tried.</summary>
    Rejected,

    /// <summary>
    /// Nothing happened there: the provider was not reached, or refused all calls for now. The same call may be repeated later.
    /// </summary>
    Unreachable,

    /// <summary>The change may have happened: the answer was lost. Both values must be tested before anything else is done.</summary>
    InDoubt,

    /// <summary>Nothing can happen until a person changes the configuration, the connection or a permission at the provider.</summary>
    Misconfigured,
}

/// <summary>A call to a provider failed.</summary>
/// <param name="fault">What may have happened.</param>
/// <param name="code">Stable snake_case code, such as <c>login_refused</c>; explained in docs/vault-providers.md.</param>
/// <param name="message">A sentence by Aegis for a person. It never quotes the provider, whose text may contain a value, header, body or
/// URL parameter.</param>
/// <param name="cause">The underlying failure; its message is not passed on.</param>
internal sealed class ProviderException(ProviderFault fault, string code, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public ProviderFault Fault { get; } = fault;

    public string Code { get; } = code;
}
