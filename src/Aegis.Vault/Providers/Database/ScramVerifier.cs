namespace Aegis.Vault.Providers.Database;

/// <summary>
/// Makes the verifier that PostgreSQL stores for a password (RFC 5802 §3, RFC 7677). Aegis makes it, so that the password itself appears in
/// no statement, and so in no log, of the server.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096; // the server's own default
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>
    /// True for printable ASCII, which SASLprep (RFC 4013) does not change. Servers and clients prepare other characters differently.
    /// </summary>
    public static bool CanHold(string password) => password.Length > 0 && password.All(c => c is >= ' ' and <= '~');

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes), Iterations);

    /// <summary>The verifier for a given salt, for tests.</summary>
    public static string Of(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key")));
        var serverKey = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Server Key"));
        return Text(salt, iterations, storedKey, serverKey);
    }

    /// <summary>A verifier that no password matches: its keys are random.</summary>
    public static string OfNothing() =>
        Text(RandomNumberGenerator.GetBytes(SaltBytes), Iterations, RandomNumberGenerator.GetBytes(HashBytes),
            RandomNumberGenerator.GetBytes(HashBytes));

    private static string Text(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) => string.Create(
        CultureInfo.InvariantCulture,
        $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
}
