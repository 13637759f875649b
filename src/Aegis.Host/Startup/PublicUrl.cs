using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Aegis.Host.Startup;

/// <summary>The configured <c>PublicUrl</c>, or else the first address that the server is bound to.</summary>
internal sealed class PublicUrl(IConfiguration configuration, IServer server) : IPublicUrl
{
    private string? bound;

    public string Value => configuration["PublicUrl"]?.TrimEnd('/') is { Length: > 0 } configured ? configured : bound ??= Bound();

    private string Bound()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException(
                "The public address is known only once the server listens. Set PublicUrl to use it earlier.");
        var parsed = BindingAddress.Parse(address);
        var host = parsed.Host is "*" or "+" or "0.0.0.0" or "[::]" or "127.0.0.1" or "[::1]" ? "localhost" : parsed.Host;
        return $"{parsed.Scheme}://{host}:{parsed.Port}";
    }
}
