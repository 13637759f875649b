namespace Aegis.Sdk.Identity;

/// <summary>The authenticator app of the caller's user. Its codes prove the user's identity.</summary>
public sealed class AuthenticatorApi
{
    private readonly Caller caller;

    internal AuthenticatorApi(Caller caller) => this.caller = caller;

    /// <summary>Whether the user has an authenticator.</summary>
    public Task<Authenticator> GetAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/auth/totp", CamelCaseJson.Default.Authenticator, cancellationToken);

    /// <summary>
    /// Creates a secret for the app. Only this answer shows it. It is active after its first code: <see cref="ConfirmAsync"/>.
    /// </summary>
    /// <param name="code">A code of the authenticator that is replaced; null when there is none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<NewAuthenticator> EnrolAsync(string? code = null, CancellationToken cancellationToken = default) => caller.PostPlainAsync(
        "v1/auth/totp", JsonBody.Of(new EnrolAuthenticator(code), CamelCaseJson.Default.EnrolAuthenticator),
        CamelCaseJson.Default.NewAuthenticator, cancellationToken);

    /// <summary>Confirms the new secret with its first code.</summary>
    public async Task ConfirmAsync(string code, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Post, "v1/auth/totp/confirm", JsonBody.Of(new OneTimeCode(code), CamelCaseJson.Default.OneTimeCode));
        using var response = await caller.SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the authenticator of a user who lost it; for admins.</summary>
    public Task ResetAsync(string userId, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"v1/auth/users/{Query.Segment(userId)}/totp", cancellationToken);
}

/// <summary>An authenticator app.</summary>
/// <param name="ConfirmedAt">When it was confirmed; null when there is none.</param>
/// <param name="ConfirmedWith">The API key that confirmed it.</param>
/// <param name="Pending">Whether a new secret still needs its first code.</param>
public sealed record Authenticator(DateTimeOffset? ConfirmedAt, string? ConfirmedWith, bool Pending);

/// <summary>A secret for an authenticator app.</summary>
/// <param name="Secret">In base32, to type in.</param>
/// <param name="Uri"><c>otpauth://…</c>, to show as a QR code.</param>
public sealed record NewAuthenticator(string Secret, string Uri)
{
    /// <summary>Does not show the secret.</summary>
    public override string ToString() => "***";
}

internal sealed record EnrolAuthenticator(string? Totp)
{
    public override string ToString() => "***";
}
