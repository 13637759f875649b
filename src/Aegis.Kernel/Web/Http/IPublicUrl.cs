namespace Aegis.Kernel.Web.Http;

/// <summary>The address under which clients reach this installation; it makes every link. The Host header never does.</summary>
public interface IPublicUrl
{
    /// <summary>
    /// Absolute, without a trailing slash. <c>PublicUrl</c> of the configuration, else the bound address once there is one.
    /// </summary>
    string Value { get; }
}
