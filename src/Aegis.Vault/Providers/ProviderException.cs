namespace Aegis.Vault.Providers;

/// <summary>What may have happened at the provider when a call failed. It decides how a rotation goes on.</summary>
internal enum ProviderFault
{
    /// <summary>The provider answered no to this value. Nothing changed there; a fresh value may be taken.</summary>
    Rejected,

    /// <summary>
    /// Nothing happened there: the provider was not reached, or refused to work now. The same call may be repeated later.
    /// </summary>
    Unreachable,

    /// <summary>It may have happened: the answer was lost. Both values must be tried before anything else is done.</summary>
    InDoubt,

    /// <summary>It cannot happen until a person changes the configuration, the connection or a permission at the provider.</summary>
    Misconfigured,
}

/// <summary>A provider did not do what it was asked.</summary>
/// <param name="fault">What may have happened.</param>
/// <param name="code">Stable snake_case code, such as <c>login_refused</c>; stands in docs/vault-providers.md.</param>
/// <param name="message">A sentence of our own for a person: never the provider's words with a value, header, body or address parameter in
/// them.</param>
/// <param name="cause">What failed below; its message goes nowhere.</param>
internal sealed class ProviderException(ProviderFault fault, string code, string message, Exception? cause = null)
    : Exception(message, cause)
{
    public ProviderFault Fault { get; } = fault;

    public string Code { get; } = code;
}
