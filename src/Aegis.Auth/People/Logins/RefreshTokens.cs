namespace Aegis.Auth.People.Logins;

/// <summary>Creates the refresh tokens of logins and finds the login of a presented token.</summary>
internal sealed class RefreshTokens(AuthDb db, SealedBox box)
{
    /// <summary>Adds the family of a login; the caller saves.</summary>
    public RefreshFamily Begin(Session login, string client, AskedScopes asked, DateTimeOffset now)
    {
        var seed = RandomNumberGenerator.GetBytes(RefreshFamily.SeedSize);
        var family = RefreshFamily.Begin(login, client, asked, box.Seal(seed, RefreshFamily.Subject(login.Id)), now);
        CryptographicOperations.ZeroMemory(seed);
        db.RefreshFamilies.Add(family);
        return family;
    }

    /// <summary>The text of the current token.</summary>
    public string TextOf(RefreshFamily family) => RefreshText.Write(family.Id, family.Current, Proof(family, family.Current));

    /// <summary>The family of a token with a correct proof, used or not; null for any other text.</summary>
    public async Task<(RefreshFamily Family, int Number)?> Find(string presented, CancellationToken ct)
    {
        if (RefreshText.Read(presented) is not { } text) return null;
        if (await db.RefreshFamilies.SingleOrDefaultAsync(f => f.Id == text.SessionId, ct) is not { } family) return null;
        return CryptographicOperations.FixedTimeEquals(Proof(family, text.Number), text.Proof) ? (family, text.Number) : null;
    }

    private byte[] Proof(RefreshFamily family, int number)
    {
        using var seed = new Secret(box.Open(family.SealedSeed, RefreshFamily.Subject(family.Id)));
        return RefreshFamily.Proof(seed.Bytes, number);
    }
}
