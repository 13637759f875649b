using System.IO.Compression;

namespace Aegis.Interop.Tests.Exchange;

/// <summary>A study at the consumer: the downloaded archive, and its instances as files in the order of the archive.</summary>
public sealed record Received(string Transfer, string Folder, string Zip, string Sha256, IReadOnlyList<string> Instances)
{
    /// <summary>The only instance.</summary>
    public string Instance => Instances.Should().ContainSingle().Subject;

    public static Received Unpack(string transfer, string folder, string zip, string sha256)
    {
        var instances = Path.Combine(folder, "instances");
        ZipFile.ExtractToDirectory(zip, instances);
        return new Received(transfer, folder, zip, sha256, [.. Directory.GetFiles(instances).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Name and SHA-256 of each instance, as the scripts print them.</summary>
    public IEnumerable<string> Listing() =>
        Instances.Select(i =>
            $"{Path.GetFileName(i)} {new FileInfo(i).Length} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(i)))}");
}
