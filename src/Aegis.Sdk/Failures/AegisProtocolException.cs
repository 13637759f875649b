namespace Aegis.Sdk.Failures;

/// <summary>An answer that did not come from Aegis, for example from a proxy, or content that differs from its announcement.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">The cause, if there is one.</param>
public class AegisProtocolException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The content differs from the host's announcement in digest or length. Nothing was kept.</summary>
/// <param name="message">What differs.</param>
public sealed class AegisDigestException(string message) : AegisProtocolException(message);

/// <summary>The host cannot be reached.</summary>
/// <param name="address">The address that was called.</param>
/// <param name="inner">The cause.</param>
public sealed class AegisUnreachableException(Uri address, Exception inner)
    : Exception($"{address.GetLeftPart(UriPartial.Authority)} cannot be reached: {inner.Message}", inner);

/// <summary>The target of a download is not an ordinary file, so it was not replaced and nothing was fetched.</summary>
/// <param name="message">What the target is.</param>
public sealed class AegisTargetException(string message) : IOException(message);
