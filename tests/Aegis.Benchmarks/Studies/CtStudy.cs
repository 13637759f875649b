using System.IO.Compression;
using Aegis.Dicom.Synthetic;

namespace Aegis.Benchmarks.Studies;

/// <summary>
/// A CT study as a sender has it. Each instance has its own head and one of four pictures, so that any number of instances fits into
/// memory.
/// </summary>
internal sealed class CtStudy
{
    private const int Edge = 512; // pixels; at two bytes each a picture has half a megabyte
    private const int Pictures = 4;
    private const string Boundary = "benchmark-boundary-7c1f2a";

    private static readonly byte[] PartHead = Encoding.ASCII.GetBytes(
        $"\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"i.dcm\"\r\nContent-Type: application/dicom\r\n\r\n");

    private static readonly byte[] Closing = Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n");

    private readonly List<byte[]> heads = [];
    private readonly List<byte[]> pictures = [];

    private CtStudy()
    {
    }

    public static string MultipartType => $"multipart/form-data; boundary={Boundary}";

    public int Instances => heads.Count;

    /// <summary>Size of all instances in bytes.</summary>
    public long Bytes => heads.Sum(h => (long)h.Length) + (long)heads.Count * pictures[0].Length;

    public long MultipartLength => Bytes + (long)heads.Count * PartHead.Length + Closing.Length;

    /// <summary>An instance without its pixels.</summary>
    public byte[] Head(int index) => heads[index];

    public static async Task<CtStudy> Make(int instances, bool hasPixels = true)
    {
        var edge = hasPixels ? Edge : 0;
        var study = new CtStudy();
        var synthetic =
            new SyntheticStudy(SyntheticStudySpec.JaneDoe with { Series = 1, InstancesPerSeries = instances, Rows = edge, Columns = edge });
        foreach (var (series, number) in synthetic.Instances)
        {
            using var head = new MemoryStream();
            await synthetic.WriteHead(head, series, number, CancellationToken.None);
            study.heads.Add(head.ToArray());
            if (study.pictures.Count == Pictures) continue;

            using var whole = new MemoryStream();
            await synthetic.Write(whole, series, number, CancellationToken.None);
            study.pictures.Add(whole.ToArray()[(int)head.Length..]);
        }

        return study;
    }

    /// <summary>Sends the study as the body of multipart/form-data.</summary>
    public async Task SendMultipart(Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        for (var i = 0; i < heads.Count; i++)
        {
            await send((byte[])[.. PartHead, .. heads[i]]);
            if (pictures[0].Length > 0) await send(pictures[i % pictures.Count]);
        }

        await send(Closing);
    }

    /// <summary>Writes the study as a zip file.</summary>
    public void WriteZip(string path, CompressionLevel level)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 0; i < heads.Count; i++)
        {
            using var entry = zip.CreateEntry($"CT/{i:D6}.dcm", level).Open();
            entry.Write(heads[i]);
            entry.Write(pictures[i % pictures.Count]);
        }
    }
}
