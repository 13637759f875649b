namespace Aegis.Kernel.Sealing;

/// <summary>Bytes that must not be shown: printing gives three stars, disposing overwrites them.</summary>
public sealed class Secret(byte[] bytes) : IDisposable
{
    public ReadOnlySpan<byte> Bytes => bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    public override string ToString() => "***";
}
