namespace Aegis.Kernel.Outbound;

/// <summary>
/// An outbound connection was refused or failed. The message names host and port at most: no path, query, header or body.
/// </summary>
/// <param name="code">One of the constants.</param>
/// <param name="message">A sentence that may be shown and logged.</param>
/// <param name="mayHaveArrived">True when the peer may have got the request, so that repeating it may do something twice.</param>
public sealed class OutboundException(string code, string message, bool mayHaveArrived = false) : Exception(message)
{
    /// <summary>The policy does not let this host connect there.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>The peer took longer than the call may last.</summary>
    public const string Timeout = "timeout";

    /// <summary>No name, no route, no listener, or the connection broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The peer's certificate is not trusted or not for this name, or there is no common protocol.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The answer is longer than the caller takes.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Stable word for what happened.</summary>
    public string Code { get; } = code;

    /// <summary>True when the peer may have got the request; false when there was never a connection that could carry it.</summary>
    public bool MayHaveArrived { get; } = mayHaveArrived;
}
