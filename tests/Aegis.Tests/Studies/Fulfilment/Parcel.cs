using System.Net.Http.Headers;
using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Studies.Fulfilment;

/// <summary>Studies and the ways to send them.</summary>
internal static class Parcel
{
    public static readonly SyntheticStudySpec Jane = SyntheticStudySpec.JaneDoe with { Rows = 8, Columns = 8, InstancesPerSeries = 2 };

    public static List<byte[]> Files(this SyntheticStudySpec spec)
    {
        var study = new SyntheticStudy(spec);
        List<byte[]> files = [];
        foreach (var (series, number) in study.Instances)
        {
            using var file = new MemoryStream();
            study.Write(file, series, number, CancellationToken.None).GetAwaiter().GetResult();
            files.Add(file.ToArray());
        }

        return files;
    }

    /// <summary>The first bytes of a DICOMDIR (PS3.10 §8.6), which names patients and is not an instance.</summary>
    public static byte[] MediaDirectory()
    {
        var meta = new Part10File().Add(0x00020001, "OB", [0, 1]).Add(0x00020002, "UI", "1.2.840.10008.1.3.10")
            .Add(0x00020003, "UI", "1.2.3")
            .Add(0x00020010, "UI", Part10File.Explicit).Body();
        return [.. new byte[128], .. "DICM"u8, .. new Part10File().Add(0x00020000, "UL", BitConverter.GetBytes(meta.Length)).Body(),
            .. meta, .. "\0\0DOE^JANE"u8];
    }

    public static HttpContent Multipart(IEnumerable<byte[]> files, string? manifest = null)
    {
        var content = new MultipartFormDataContent();
        if (manifest is not null) content.Add(new StringContent(manifest), "manifest");
        foreach (var file in files) content.Add(Bytes(file, "application/dicom"), "file", "Doe_Jane.dcm");
        return content;
    }

    public static HttpContent Zip(IEnumerable<byte[]> files)
    {
        var zip = new ZipForge();
        foreach (var (file, i) in files.Select((f, i) => (f, i))) zip.Deflated($"DICOM/{i}", file);
        return Bytes(zip.Close(), "application/zip");
    }

    public static HttpContent Bytes(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public static string Manifest(List<byte[]> files, int? instances = null, long? bytes = null, string? sha256 = null) =>
        JsonSerializer.Serialize(new
        {
            instances = instances ?? files.Count,
            bytes = bytes ?? files.Sum(f => (long)f.Length),
            sha256 = sha256 ?? Digest(files),
        });

    /// <summary>Computes the digest as the documentation describes it.</summary>
    public static string Digest(List<byte[]> files) =>
        Convert.ToHexStringLower(
            SHA256.HashData([.. files.Select(SHA256.HashData).OrderBy(Convert.ToHexString, StringComparer.Ordinal).SelectMany(d => d)]));

    public static string ContentFolder(this AegisApp app) => Path.Combine(app.DataDirectory, "content");

    public static string[] ContentFiles(this AegisApp app) =>
        Directory.Exists(app.ContentFolder()) ? Directory.GetFiles(app.ContentFolder()) : [];
}
