namespace Aegis.Vault.Providers.Database;

/// <summary>
/// What PostgreSQL stores of a password (RFC 5802 §3 and 7677): made here, so that the password itself is in no statement, and so in no
/// log, of the server.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096; // the server's own default
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Only ASCII passes through SASLprep (RFC 4013) unchanged; anything else servers and clients prepare differently.</summary>
    public static bool CanHold(string password) => password.Length > 0 && password.All(c => c is >= ' ' and <= '~');

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes), Iterations);

    /// <summary>The verifier for a given salt, which only a test gives.</summary>
    public static string Of(string password, byte[] salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key")));
        var serverKey = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Server Key"));
        return Text(salt, iterations, storedKey, serverKey);
    }

    /// <summary>A verifier that no password fits: its keys come from none.</summary>
    public static string OfNothing() =>
        Text(RandomNumberGenerator.GetBytes(SaltBytes), Iterations, RandomNumberGenerator.GetBytes(HashBytes),
            RandomNumberGenerator.GetBytes(HashBytes));

    private static string Text(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) => string.Create(
        CultureInfo.InvariantCulture,
        $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
}
