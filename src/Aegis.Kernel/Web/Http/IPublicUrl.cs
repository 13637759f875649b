namespace Aegis.Kernel.Web.Http;

/// <summary>The URL at which clients reach this installation. All links use it; the Host header is never used.</summary>
public interface IPublicUrl
{
    /// <summary>
    /// Absolute, without a trailing slash: <c>PublicUrl</c> of the configuration, or else the bound address once the server listens.
    /// </summary>
    string Value { get; }
}
