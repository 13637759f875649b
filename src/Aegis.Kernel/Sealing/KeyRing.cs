namespace Aegis.Kernel.Sealing;

/// <summary>One key-encryption key of the ring.</summary>
/// <param name="Id">Key id; ids sort by age.</param>
/// <param name="Bytes">32 bytes.</param>
public sealed record KeyEncryptionKey(string Id, byte[] Bytes)
{
    public override string ToString() => $"{Id} ***";
}

/// <summary>Where key-encryption keys come from: a directory, the environment, or a key management service.</summary>
public interface IKeySource
{
    /// <summary>Returns the ring id and its keys, with the sealing key last; null when there is no ring yet.</summary>
    (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load();

    /// <summary>Creates a ring with one key, or refuses when the source is read-only.</summary>
    void Create(DateTimeOffset now);

    /// <summary>False when an operator changes the keys by hand.</summary>
    bool IsWritable { get; }

    /// <summary>Adds a key durably. It seals from now on.</summary>
    void Add(KeyEncryptionKey key);

    /// <summary>Destroys a key. Values sealed with it can never be opened again.</summary>
    void Destroy(string keyId);
}

/// <summary>
/// The installation's key-encryption keys. The newest seals; all can open. The source is read again every few seconds, and at once when a
/// key is missing, because another host may have sealed with a key that was just added.
/// </summary>
public sealed class KeyRing(IKeySource source, TimeProvider clock, ILogger<KeyRing> log)
{
    /// <summary>
    /// How long loaded keys are used before the source is read again. Within this time a host starts to seal with a new key and forgets a
    /// destroyed one.
    /// </summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private readonly Lock reading = new();
    private volatile Known? known;

    public string Id => Current().RingId;

    public KeyEncryptionKey Newest => Current().Keys[^1];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<KeyEncryptionKey> Keys => Current().Keys;

    /// <summary>True when the source has a ring.</summary>
    public bool Exists => source.Load() is not null;

    /// <summary>False when an operator adds and removes keys, as with an environment variable.</summary>
    public bool IsWritable => source.IsWritable;

    /// <exception cref="CryptographicException">There is no such key.</exception>
    public KeyEncryptionKey Find(string id) =>
        Current().Find(id) ?? Read().Find(id)
        ?? throw new CryptographicException($"The key ring has no key '{id}'. Restore the ring that this database was written with.");

    public bool Has(string id) => Current().Find(id) is not null || Read().Find(id) is not null;

    public void Create(DateTimeOffset now) => source.Create(now);

    /// <summary>Adds a key that seals from now on: here at once, and on other hosts after they read the ring again.</summary>
    public KeyEncryptionKey Add()
    {
        var key = NewKey(clock.GetUtcNow());
        source.Add(key);
        Read();
        return key;
    }

    /// <summary>Destroys a key for ever. The caller must have checked that nothing is sealed under it.</summary>
    public void Destroy(string keyId)
    {
        source.Destroy(keyId);
        Read();
    }

    /// <summary>Generates a key without adding it to a ring.</summary>
    public static KeyEncryptionKey NewKey(DateTimeOffset now) =>
        new(Identifiers.Ids.New("kek", now), RandomNumberGenerator.GetBytes(Envelope.KeySize));

    private Known Current()
    {
        if (known is not { } keys) return Read();
        // one thread reads, the others use the loaded keys
        if (clock.GetElapsedTime(keys.ReadAt) < MaxAge || !reading.TryEnter()) return keys;
        try
        {
            return Refresh();
        }
        finally
        {
            reading.Exit();
        }
    }

    private Known Read()
    {
        lock (reading) return Refresh();
    }

    /// <summary>
    /// If the ring cannot be read, or is now a different ring, the loaded keys stay in use: a running host must not stop for it.
    /// </summary>
    private Known Refresh()
    {
        try
        {
            var loaded = source.Load() ?? throw new InvalidOperationException("There is no key ring.");
            if (known is null || known.RingId == loaded.RingId) return known = new Known(loaded.RingId, loaded.Keys, clock.GetTimestamp());
            Log.RingIsAnother(log, loaded.RingId, known.RingId);
        }
        catch (Exception e) when (known is not null && e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Log.RingUnreadable(log, e.GetType().Name);
        }

        return known = known! with { ReadAt = clock.GetTimestamp() };
    }

    private sealed record Known(string RingId, IReadOnlyList<KeyEncryptionKey> Keys, long ReadAt)
    {
        public KeyEncryptionKey? Find(string id) => Keys.FirstOrDefault(k => k.Id == id);
    }
}
