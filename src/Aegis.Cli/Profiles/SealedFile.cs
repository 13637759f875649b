namespace Aegis.Cli.Profiles;

/// <summary>The content of <c>auth.json</c>: profiles encrypted with AES-256-GCM, and the source of the key.</summary>
internal sealed record SealedFile
{
    private const int TagSize = 16;
    private const int NonceSize = 12;

    [JsonRequired]
    public int Version { get; init; }

    /// <summary><c>keyring</c>, <c>env</c> or <c>machine</c>.</summary>
    [JsonRequired]
    public required string KeySource { get; init; }

    /// <summary>Distinguishes a wrong key from a damaged file.</summary>
    [JsonRequired]
    public required byte[] KeyCheck { get; init; }

    [JsonRequired]
    public required byte[] Nonce { get; init; }

    [JsonRequired]
    public required byte[] Ciphertext { get; init; }

    [JsonRequired]
    public required byte[] Tag { get; init; }

    public static SealedFile Seal(ProfileSet profiles, string source, byte[] key)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(profiles, ProfileJson.Default.ProfileSet);
        var (nonce, cipher, tag) = (RandomNumberGenerator.GetBytes(NonceSize), new byte[plain.Length], new byte[TagSize]);
        using (var aes = new AesGcm(key, TagSize)) aes.Encrypt(nonce, plain, cipher, tag, AssociatedData(source));
        CryptographicOperations.ZeroMemory(plain);
        return new SealedFile { Version = 1, KeySource = source, KeyCheck = Check(key), Nonce = nonce, Ciphertext = cipher, Tag = tag };
    }

    public bool IsOf(byte[] key) => CryptographicOperations.FixedTimeEquals(Check(key), KeyCheck);

    /// <summary>Decrypts the profiles.</summary>
    /// <exception cref="CryptographicException">The file was changed.</exception>
    public ProfileSet Open(byte[] key)
    {
        if (Nonce.Length != NonceSize || Tag.Length != TagSize) throw new CryptographicException("The file is damaged.");
        var plain = new byte[Ciphertext.Length];
        using (var aes = new AesGcm(key, TagSize)) aes.Decrypt(Nonce, Ciphertext, Tag, plain, AssociatedData(KeySource));
        return JsonSerializer.Deserialize(plain, ProfileJson.Default.ProfileSet) ?? new ProfileSet();
    }

    private static byte[] AssociatedData(string source) => Encoding.UTF8.GetBytes($"aegis-cli auth.json 1 {source}");

    private static byte[] Check(byte[] key) => HMACSHA256.HashData(key, "aegis-cli key check"u8)[..8];
}
