using System.Text.Json;

namespace Aegis.Kernel.Sealing;

/// <summary>
/// Keys handed over in one variable by an orchestrator or secret store:
/// <c>{"ring":"ring_…","keys":{"kek_…":"base64 of 32 bytes"}}</c>. Read only.
/// </summary>
internal sealed class EnvironmentKeys(string? json) : IKeySource
{
    public const string Variable = "AEGIS_KEY_RING";

    public (string RingId, IReadOnlyList<KeyEncryptionKey> Keys)? Load()
    {
        if (string.IsNullOrWhiteSpace(json)) return null;
        using var parsed = JsonDocument.Parse(json);
        var ring = parsed.RootElement.GetProperty("ring").GetString();
        var keys = parsed.RootElement.GetProperty("keys").EnumerateObject()
            .OrderBy(k => k.Name, StringComparer.Ordinal)
            .Select(k => new KeyEncryptionKey(k.Name, k.Value.GetBytesFromBase64()))
            .ToList();
        if (string.IsNullOrEmpty(ring) || keys.Count == 0 || keys.Exists(k => k.Bytes.Length != Envelope.KeySize))
            throw new StartRefusedException($"{Variable} must name a ring and hold keys of {Envelope.KeySize} bytes.");
        return (ring, keys);
    }

    public void Create(DateTimeOffset now) =>
        throw new StartRefusedException($"{Variable} is empty. Put a ring into it, or set Keys:Source to 'directory'.");
}
