using System.Security.Cryptography;
using Aegis.Kernel.Identifiers;

namespace Aegis.Kernel.Sealing;

/// <summary>Keys as files of mode 0600: <c>ring.id</c> and one <c>kek_….key</c> each, base64.</summary>
internal sealed class DirectoryKeys(string directory) : IKeySource
{
    private const string RingFile = "ring.id";
    private const string Pattern = "kek_*.key";

    public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load()
    {
        var ring = Path.Combine(directory, RingFile);
        if (!File.Exists(ring)) return null;
        var keys = Directory.GetFiles(directory, Pattern)
            .Order(StringComparer.Ordinal)
            .Select(f => new KeyEncryptionKey(Path.GetFileNameWithoutExtension(f), Read(f)))
            .ToList();
        if (keys.Count == 0) throw new StartRefusedException($"Keys:Directory holds {RingFile} but no key. Restore it from your backup of the keys.");
        return (File.ReadAllText(ring).Trim(), keys);
    }

    /// <summary>Writes the key first and the ring id last, so that a kill between leaves no ring.</summary>
    public void Create(DateTimeOffset now)
    {
        PrivateFile.CreateDirectory(directory);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Envelope.KeySize));
        foreach (var abandoned in Directory.GetFiles(directory, Pattern)) File.Delete(abandoned);
        PrivateFile.Write(Path.Combine(directory, $"{Ids.New("kek", now)}.key"), key);
        PrivateFile.Write(Path.Combine(directory, RingFile), Ids.New("ring", now));
    }

    private static byte[] Read(string file)
    {
        var bytes = new byte[Envelope.KeySize];
        if (!Convert.TryFromBase64String(File.ReadAllText(file).Trim(), bytes, out var length) || length != Envelope.KeySize)
            throw new StartRefusedException($"{Path.GetFileName(file)} in Keys:Directory is not {Envelope.KeySize} bytes of base64.");
        return bytes;
    }
}
