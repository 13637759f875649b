using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;

namespace Aegis.Kernel.Web.Connect;

/// <summary>
/// Reads and writes messages, with or without gzip. The size limit of bodies also applies after decompression, against gzip bombs.
/// </summary>
internal static class ConnectBody
{
    private const int DefaultLimit = 1024 * 1024;
    private const int BufferSize = 16 * 1024;

    public static async Task<ReadOnlyMemory<byte>> Read(HttpContext http, bool compressed, CancellationToken ct)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? DefaultLimit;
        var sent = await ReadAll(http.Request.Body, limit, ct);
        if (!compressed || sent.Length == 0) return Bytes(sent); // an empty body is not decompressed

        sent.Position = 0;
        await using var unpacking = new GZipStream(sent, CompressionMode.Decompress);
        try
        {
            return Bytes(await ReadAll(unpacking, limit, ct));
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
        var buffer = new byte[BufferSize];
        for (var read = await source.ReadAsync(buffer, ct); read > 0; read = await source.ReadAsync(buffer, ct))
        {
            if (all.Length + read > limit)
                throw Refuse.TooLarge("body_too_large", $"Decompressed, the message is larger than {limit} bytes. Send a smaller one.");
            all.Write(buffer, 0, read);
        }

        return all;
    }

    private static ReadOnlyMemory<byte> Bytes(MemoryStream all) => all.GetBuffer().AsMemory(0, (int)all.Length);
}
