namespace Aegis.Kernel.Sealing;

/// <summary>
/// Writes a recovery copy of each key-encryption key: <c>kek_….{fingerprint}.recovery</c> next to the key file. It is the content of the
/// key file, encrypted with RSA-OAEP and SHA-256 for a public key whose private key is kept offline. Such copies may be stored with the
/// backups. Day keys have no copies, because destroying them must be final.
/// </summary>
public sealed class RecoveryCopies
{
    public const string Ending = ".recovery";
    private const string Setting = "Keys:RecoveryPublicKey";
    private const int MinSize = 3072; // NIST SP 800-57: 128 bits of strength
    private const int FingerprintLength = 8;

    private readonly string directory;
    private readonly byte[]? publicKey;

    public RecoveryCopies(KeyOptions options)
    {
        directory = options.Directory;
        if (options.RecoveryPublicKey is null) return;
        if (options.Source != "directory")
            throw new StartRefusedException(
                $"{Setting} needs Keys:Source 'directory'. Keep a copy of {KeyOptions.Variable} in another way.");
        publicKey = Read(options.RecoveryPublicKey);
    }

    /// <summary>Writes the missing copies.</summary>
    public void WriteMissing(IEnumerable<KeyEncryptionKey> keys)
    {
        if (publicKey is null) return;
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(publicKey))[..FingerprintLength];
        foreach (var key in keys)
        {
            var path = Path.Combine(directory, $"{key.Id}.{fingerprint}{Ending}");
            if (File.Exists(path)) continue;
            PrivateFile.TryCreate(path,
                rsa.Encrypt(Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Bytes)), RSAEncryptionPadding.OaepSHA256));
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            var pem = File.ReadAllText(file);
            if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
                throw new StartRefusedException(
                    $"{Setting} names a file with a private key. Use the public key, and keep the private key where no host can read it.");
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            if (rsa.KeySize < MinSize) throw new StartRefusedException($"The key of {Setting} must have {MinSize} bits or more.");
            return rsa.ExportSubjectPublicKeyInfo();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new StartRefusedException($"{Setting} must name a readable PEM file with an RSA public key.");
        }
    }
}
