namespace Aegis.Kernel.Sealing;

/// <summary>Bytes that must not be shown. ToString returns three stars; Dispose overwrites the bytes.</summary>
public sealed class Secret(byte[] bytes) : IDisposable
{
    public ReadOnlySpan<byte> Bytes => bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    public override string ToString() => "***";
}
