using System.Net;

namespace Aegis.Host.Edge;

/// <summary>In Production plain HTTP is accepted from this machine only, unless Http:AllowPlain says that a proxy ends TLS.</summary>
internal static class PlainHttp
{
    public static void UsePlainHttpRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var remote = context.Connection.RemoteIpAddress;
        if (!context.Request.IsHttps && remote is not null && !IPAddress.IsLoopback(remote))
            throw Refuse.Forbidden("https_required", "Use https: this installation does not accept plain HTTP from other machines.");
        return next(context);
    });
}
