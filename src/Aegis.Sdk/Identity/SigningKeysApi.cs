namespace Aegis.Sdk.Identity;

/// <summary>The keys that sign access tokens; for the platform's admin.</summary>
public sealed class SigningKeysApi
{
    private readonly Caller caller;

    internal SigningKeysApi(Caller caller) => this.caller = caller;

    /// <summary>Keys that are future, signing or still trusted, newest first.</summary>
    public IAsyncEnumerable<SigningKey> ListAsync(CancellationToken cancellationToken = default) => Page<SigningKey>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query("v1/auth/signing-keys").With("cursor", cursor).ToString(),
            CamelCaseJson.Default.PageSigningKey, ct), cancellationToken);

    /// <summary>Starts signing with another key. In a planned rotation no call fails: the next key is published before it signs.</summary>
    /// <param name="emergency">The private key may be known to others: its signatures are no longer trusted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<SigningKey> RotateAsync(bool emergency = false, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        "v1/auth/signing-keys/rotate", JsonBody.Of(new RotateSigningKey(emergency), CamelCaseJson.Default.RotateSigningKey),
        CamelCaseJson.Default.SigningKey, cancellationToken);
}

/// <summary>A key that signs access tokens.</summary>
/// <param name="Id">The <c>kid</c> of its tokens.</param>
/// <param name="CreatedAt">When it was published.</param>
/// <param name="SignsFrom">When it starts to sign.</param>
/// <param name="RetiredAt">When it stops signing.</param>
/// <param name="ExpiresAt">When its signatures are no longer accepted.</param>
public sealed record SigningKey(
    string Id, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset RetiredAt, DateTimeOffset ExpiresAt);

internal sealed record RotateSigningKey(bool Emergency);
