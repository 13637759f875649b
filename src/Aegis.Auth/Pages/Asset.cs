using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Aegis.Auth.Pages;

/// <summary>
/// A stylesheet or script of the pages, served from the assembly. Its address contains a digest of it, so browsers may cache it without
/// limit.
/// </summary>
internal sealed class Asset
{
    private const string Folder = "assets/";
    private const string CacheControl = "public, max-age=31536000, immutable";

    public static readonly Asset Style = new("aegis.css", "text/css; charset=utf-8");
    public static readonly Asset Copy = new("copy.js", "text/javascript; charset=utf-8");
    public static readonly Asset Keys = new("keys.js", "text/javascript; charset=utf-8");
    public static readonly Asset Passkey = new("passkey.js", "text/javascript; charset=utf-8");

    private static readonly Asset[] All = [Style, Copy, Keys, Passkey];

    private readonly byte[] content;
    private readonly string type;

    private Asset(string name, string type)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        content = new byte[stream.Length];
        stream.ReadExactly(content);
        this.type = type;
        var digest = Convert.ToHexStringLower(SHA256.HashData(content), 0, 8);
        Url = $"/{Folder}{Path.GetFileNameWithoutExtension(name)}.{digest}{Path.GetExtension(name)}";
    }

    public string Url { get; }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var asset in All)
            endpoints.MapMethods(asset.Url, [HttpMethods.Get, HttpMethods.Head], asset.Send).AllowAnonymous().ExcludeFromDescription();
    }

    private Task Send(HttpContext context)
    {
        context.Response.Headers[HeaderNames.CacheControl] = CacheControl;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
