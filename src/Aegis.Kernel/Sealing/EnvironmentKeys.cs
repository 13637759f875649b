namespace Aegis.Kernel.Sealing;

/// <summary>
/// Keys in one environment variable, set by an orchestrator or secret store: <c>{"ring":"ring_…","keys":{"kek_…":"base64 of 32
/// bytes"},"seal":"kek_…"}</c>. Read-only. <c>seal</c> names the sealing key; without it the last key by name seals. With <c>seal</c>,
/// every host can get a new key before the first host seals with it.
/// </summary>
internal sealed class EnvironmentKeys(string? json) : IKeySource
{
    public const string Variable = KeyOptions.Variable;

    public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load()
    {
        if (string.IsNullOrWhiteSpace(json)) return null;
        using var parsed = JsonDocument.Parse(json);
        var ring = parsed.RootElement.GetProperty("ring").GetString();
        var sealing = parsed.RootElement.TryGetProperty("seal", out var named) ? named.GetString() : null;
        var keys = parsed.RootElement.GetProperty("keys").EnumerateObject()
            .OrderBy(k => k.Name == sealing).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Select(k => new KeyEncryptionKey(k.Name, k.Value.GetBytesFromBase64()))
            .ToList();
        if (string.IsNullOrEmpty(ring) || keys.Count == 0 || keys.Exists(k => k.Bytes.Length != Envelope.KeySize))
            throw new StartRefusedException($"{Variable} must contain a ring id and keys of {Envelope.KeySize} bytes.");
        if (sealing is not null && keys[^1].Id != sealing)
            throw new StartRefusedException($"'seal' in {Variable} names a key that is not in 'keys'.");
        return (ring, keys);
    }

    public bool IsWritable => false;

    public void Create(DateTimeOffset now) =>
        throw new StartRefusedException($"{Variable} is empty. Put a ring into it, or set Keys:Source to 'directory'.");

    public void Add(KeyEncryptionKey key) => throw new InvalidOperationException($"{Variable} cannot be written.");

    public void Destroy(string keyId) => throw new InvalidOperationException($"{Variable} cannot be written.");
}
