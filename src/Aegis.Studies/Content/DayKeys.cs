using System.Globalization;
using Aegis.Kernel.Sealing;
namespace Aegis.Studies.Content;

/// <summary>
/// One key for each day, stored in a file outside the database and its backups. Content keys are sealed under the key of their day.
/// Destroying a day's key makes every older copy of that day's content unreadable.
/// </summary>
/// <param name="directory">A writable folder that all hosts share (<c>Keys:DayKeyPath</c>).</param>
internal sealed class DayKeys(string directory)
{
    private const string Prefix = "day-";
    private const string Format = "yyyy-MM-dd";

    /// <summary>Seals a content key under the day's key. The first call of a day creates that key.</summary>
    public byte[] Seal(DateOnly day, ReadOnlySpan<byte> contentKey, SealedFor subject)
    {
        PrivateFile.CreateDirectory(directory);
        var path = PathOf(day);
        if (!File.Exists(path)) PrivateFile.TryCreate(path, RandomNumberGenerator.GetBytes(Envelope.KeySize));
        else PrivateFile.SyncDirectory(directory); // the host that created the key may have stopped before it synced
        var key = Read(path);
        try
        {
            return Envelope.Seal(key, contentKey, subject.ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <exception cref="CryptographicException">The day's key is destroyed, or the sealed key belongs to another record.</exception>
    public byte[] Open(DateOnly day, ReadOnlySpan<byte> sealedKey, SealedFor subject)
    {
        var path = PathOf(day);
        if (!File.Exists(path)) throw new CryptographicException($"The key of {day:O} is destroyed.");
        var key = Read(path);
        try
        {
            return Envelope.Open(key, sealedKey, subject.ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The days whose keys still exist.</summary>
    public IReadOnlyList<DateOnly> Days() => !Directory.Exists(directory)
        ? []
        : Directory.GetFiles(directory, $"{Prefix}*.key")
            .Select(f => DateOnly.ParseExact(Path.GetFileNameWithoutExtension(f)[Prefix.Length..], Format, CultureInfo.InvariantCulture))
            .Order().ToList();

    /// <summary>Overwrites and deletes the day's key. A second call does nothing.</summary>
    public void Destroy(DateOnly day) => PrivateFile.Destroy(PathOf(day));

    private static byte[] Read(string path)
    {
        var key = File.ReadAllBytes(path);
        return key.Length == Envelope.KeySize
            ? key
            : throw new CryptographicException($"{Path.GetFileName(path)} is damaged: it must contain {Envelope.KeySize} bytes.");
    }

    private string PathOf(DateOnly day) => Path.Combine(directory, $"{Prefix}{day.ToString(Format, CultureInfo.InvariantCulture)}.key");
}
