namespace Aegis.Cli.Profiles;

/// <summary>
/// The source of <c>auth.json</c>'s key. A login uses the first available source: the system's keyring, <c>AEGIS_AUTH_KEY</c>, this
/// machine.
/// </summary>
internal sealed class StoreKeys(CommandEnvironment around, ISystemKeyring keyring)
{
    public const string Keyring = "keyring";
    public const string Variable = "env";
    public const string Machine = "machine";
    private const string VariableName = "AEGIS_AUTH_KEY";
    private const int KeySize = 32;
    private const int Rounds = 600_000; // the variable may be a passphrase

    private string SaltFile => Path.Combine(around.Folder, "machine.salt");

    /// <summary>The key to write with.</summary>
    public async Task<(string Source, byte[] Key)> ChooseAsync(CancellationToken ct)
    {
        if (await FromKeyringAsync(make: true, ct) is { } kept) return (Keyring, kept);
        return around.Given(VariableName) is { } given ? (Variable, FromVariable(given)) : (Machine, FromMachine(make: true)!);
    }

    /// <summary>The key of a source; null when it is not available now.</summary>
    public async Task<byte[]?> FindAsync(string source, CancellationToken ct) => source switch
    {
        Keyring => await FromKeyringAsync(make: false, ct),
        Variable => around.Given(VariableName) is { } given ? FromVariable(given) : null,
        Machine => FromMachine(make: false),
        _ => null,
    };

    private async Task<byte[]?> FromKeyringAsync(bool make, CancellationToken ct)
    {
        if (await keyring.FindAsync(ct) is { Length: KeySize } found) return found;
        if (!make) return null;
        var key = RandomNumberGenerator.GetBytes(KeySize);
        // another process may have been first
        return await keyring.StoreAsync(key, ct) && await keyring.FindAsync(ct) is { Length: KeySize } stored ? stored : null;
    }

    private static byte[] FromVariable(string given)
    {
        var raw = new byte[given.Length];
        var bytes = Convert.TryFromBase64String(given, raw, out var length) && length >= KeySize ? raw[..length] : null;
        return bytes is not null
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, KeySize, info: "aegis-cli AEGIS_AUTH_KEY"u8.ToArray())
            : Rfc2898DeriveBytes.Pbkdf2(
                Encoding.UTF8.GetBytes(given), "aegis-cli AEGIS_AUTH_KEY"u8, Rounds, HashAlgorithmName.SHA256, KeySize);
    }

    /// <summary>Weaker than the other sources: anyone who can read the folder and knows the machine's name can compute it.</summary>
    private byte[]? FromMachine(bool make)
    {
        var salt = File.Exists(SaltFile) ? File.ReadAllBytes(SaltFile) : [];
        if (salt.Length != KeySize && !make) return null;
        if (salt.Length != KeySize) PrivateFile.Write(SaltFile, salt = RandomNumberGenerator.GetBytes(KeySize));
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, salt, KeySize,
            info: Encoding.UTF8.GetBytes($"aegis-cli machine {around.MachineName}"));
    }
}
