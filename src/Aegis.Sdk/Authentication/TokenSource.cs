namespace Aegis.Sdk.Authentication;

/// <summary>Provides the tokens that a client sends as <c>Authorization: Bearer</c>. Safe for concurrent use.</summary>
public abstract class TokenSource
{
    /// <summary>The token to send now.</summary>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public abstract ValueTask<string> GetAsync(CancellationToken cancellationToken);

    /// <summary>Called once per call when the host refused a token with 401.</summary>
    /// <param name="refused">The token that was refused.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <returns>True when <see cref="GetAsync"/> may now return another token.</returns>
    public virtual ValueTask<bool> RenewAsync(string refused, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <summary>A fixed token, sent unchanged until it expires.</summary>
    /// <param name="token">An access token, or an API key that should not be exchanged.</param>
    public static TokenSource Fixed(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        return new FixedToken(token);
    }

    private sealed class FixedToken(string token) : TokenSource
    {
        public override ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(token);

        public override string ToString() => "***";
    }
}
