namespace Aegis.Kernel.Sealing;

/// <summary>Keys in files with mode 0600: <c>ring.id</c>, and one <c>kek_….key</c> per key, in base64.</summary>
internal sealed class DirectoryKeys(string directory) : IKeySource
{
    private const string RingFile = "ring.id";
    private const string Pattern = "kek_*.key";
    private const string Condemned = ".condemned"; // removed from the ring and not overwritten yet

    public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load()
    {
        var ring = Path.Combine(directory, RingFile);
        if (!File.Exists(ring)) return null;
        var keys = Directory.GetFiles(directory, Pattern)
            .Order(StringComparer.Ordinal)
            .Select(Open)
            .OfType<KeyEncryptionKey>()
            .ToList();
        if (keys.Count == 0)
            throw new StartRefusedException($"Keys:Directory contains {RingFile} but no key. Restore your backup of the key directory.");
        return (File.ReadAllText(ring).Trim(), keys);
    }

    /// <summary>Writes the key first and the ring id last, so a kill in between leaves no ring.</summary>
    public void Create(DateTimeOffset now)
    {
        PrivateFile.CreateDirectory(directory);
        foreach (var abandoned in Directory.GetFiles(directory, Pattern)) File.Delete(abandoned);
        Add(KeyRing.NewKey(now));
        PrivateFile.Write(Path.Combine(directory, RingFile), Ids.New("ring", now));
    }

    public bool IsWritable => true;

    public void Add(KeyEncryptionKey key)
    {
        OverwriteCondemned();
        PrivateFile.Write(PathOf(key.Id), Convert.ToBase64String(key.Bytes));
    }

    /// <summary>
    /// Renames the key file first, which removes the key from the ring. So a concurrent reader finds a whole key or none.
    /// </summary>
    public void Destroy(string keyId)
    {
        if (File.Exists(PathOf(keyId))) File.Move(PathOf(keyId), PathOf(keyId) + Condemned, overwrite: true);
        PrivateFile.SyncDirectory(directory);
        OverwriteCondemned();
        foreach (var copy in Directory.GetFiles(directory, $"{keyId}.*{RecoveryCopies.Ending}")) PrivateFile.Destroy(copy);
    }

    /// <summary>Overwrites and deletes the files of destroyed keys, also those that an earlier kill left.</summary>
    private void OverwriteCondemned()
    {
        foreach (var condemned in Directory.GetFiles(directory, Pattern + Condemned)) PrivateFile.Destroy(condemned);
    }

    private string PathOf(string keyId) => Path.Combine(directory, $"{keyId}.key");

    /// <summary>Null when the key was destroyed since the folder was listed.</summary>
    private static KeyEncryptionKey? Open(string file)
    {
        try
        {
            return new KeyEncryptionKey(Path.GetFileNameWithoutExtension(file), Read(file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static byte[] Read(string file)
    {
        var bytes = new byte[Envelope.KeySize];
        if (!Convert.TryFromBase64String(File.ReadAllText(file).Trim(), bytes, out var length) || length != Envelope.KeySize)
            throw new StartRefusedException($"{Path.GetFileName(file)} in Keys:Directory is not {Envelope.KeySize} bytes of base64.");
        return bytes;
    }
}
