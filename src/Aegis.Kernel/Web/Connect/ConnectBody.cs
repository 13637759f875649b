using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace Aegis.Kernel.Web.Connect;

/// <summary>Moves messages in and out, compressed or not. Unpacked they obey the limit that packed bodies have.</summary>
internal static class ConnectBody
{
    private const int DefaultLimit = 1024 * 1024;
    private const int Piece = 16 * 1024;

    public static async Task<ReadOnlyMemory<byte>> Read(HttpContext http, bool compressed, CancellationToken ct)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? DefaultLimit;
        var sent = await ReadAll(http.Request.Body, limit, ct);
        if (!compressed || sent.Length == 0) return Written(sent); // nothing at all is never unpacked

        sent.Position = 0;
        await using var unpacking = new GZipStream(sent, CompressionMode.Decompress);
        try
        {
            return Written(await ReadAll(unpacking, limit, ct));
        }
        catch (InvalidDataException)
        {
            throw Invalid.Field("", "The body is not valid gzip.");
        }
    }

    public static async Task Write(HttpContext http, byte[] message, string contentType, bool compress)
    {
        http.Response.ContentType = contentType;
        http.Response.Headers.CacheControl = "no-store";
        if (compress && message.Length > 0)
        {
            http.Response.Headers.ContentEncoding = "gzip";
            message = Pack(message);
        }

        await http.Response.Body.WriteAsync(message, http.RequestAborted);
    }

    private static byte[] Pack(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) packing.Write(message);
        return packed.ToArray();
    }

    private static async Task<MemoryStream> ReadAll(Stream source, long limit, CancellationToken ct)
    {
        var all = new MemoryStream();
        var piece = new byte[Piece];
        for (var read = await source.ReadAsync(piece, ct); read > 0; read = await source.ReadAsync(piece, ct))
        {
            if (all.Length + read > limit)
                throw Refuse.TooLarge("body_too_large", $"The message may have {limit} bytes once it is unpacked. Send a smaller one.");
            all.Write(piece, 0, read);
        }

        return all;
    }

    private static ReadOnlyMemory<byte> Written(MemoryStream all) => all.GetBuffer().AsMemory(0, (int)all.Length);
}
