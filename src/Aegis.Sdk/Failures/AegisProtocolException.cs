namespace Aegis.Sdk.Failures;

/// <summary>An answer that is none of Aegis', such as that of a proxy, or content that is not what was announced.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">Why, if there is more to say.</param>
public class AegisProtocolException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What arrived is not what the host announced: another digest or length. Nothing of it was kept.</summary>
/// <param name="message">What differs.</param>
public sealed class AegisDigestException(string message) : AegisProtocolException(message);

/// <summary>The host cannot be reached.</summary>
/// <param name="address">Where it should be.</param>
/// <param name="inner">Why not.</param>
public sealed class AegisUnreachableException(Uri address, Exception inner)
    : Exception($"{address.GetLeftPart(UriPartial.Authority)} cannot be reached: {inner.Message}", inner);

/// <summary>What is where a download should end is no ordinary file, so nothing was put in its place and nothing fetched.</summary>
/// <param name="message">What is there.</param>
public sealed class AegisTargetException(string message) : IOException(message);
