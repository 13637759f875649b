using System.Security.Cryptography;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>The minimum work of an upload: hash the body, write it, flush it to disk.</summary>
internal static class BareUpload
{
    private const int BufferSize = 256 * 1024;

    public static async Task Receive(Stream body, string path, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file =
            new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        var buffer = new byte[BufferSize];
        for (int count; (count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), ct);
        }

        hash.GetHashAndReset();
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }
}
