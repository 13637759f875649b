namespace Aegis.Kernel.Outbound;

/// <summary>
/// An outbound connection was refused or failed. The message contains at most host and port: no path, query, header or body.
/// </summary>
/// <param name="code">One of the constants.</param>
/// <param name="message">A sentence that may be shown to customers and logged.</param>
/// <param name="mayHaveArrived">True when the peer may have received the request, so a retry may have a second effect.</param>
public sealed class OutboundException(string code, string message, bool mayHaveArrived = false) : Exception(message)
{
    /// <summary>The policy does not allow this target.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>The peer took longer than the time limit.</summary>
    public const string Timeout = "timeout";

    /// <summary>The name does not resolve, there is no route or no listener, or the connection broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The peer's certificate is not trusted or not valid for this name, or there is no common TLS protocol.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The response is longer than the caller accepts.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Stable code of the failure.</summary>
    public string Code { get; } = code;

    /// <summary>True when the peer may have received the request; false when there was never a connection to send it on.</summary>
    public bool MayHaveArrived { get; } = mayHaveArrived;
}
