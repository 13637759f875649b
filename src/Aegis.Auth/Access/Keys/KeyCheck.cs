namespace Aegis.Auth.Access.Keys;

/// <summary>Checks a presented API key and returns its caller.</summary>
internal sealed class KeyCheck(KeyStates states, Pepper pepper, KeyGuessLimit guessLimit, AuthOptions options, TimeProvider clock)
{
    private static readonly byte[] NoMac = new byte[32];

    /// <param name="presented">The text of the key.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <param name="early">The request, if the lookup limit counts it; null where the rate limit is enough.</param>
    /// <exception cref="RefusedException">The key is not accepted. A malformed key and an unknown key get the same refusal.</exception>
    public async Task<Caller> Check(string presented, CancellationToken ct, HttpContext? early = null)
    {
        if (KeyText.Read(presented) is not { } text) throw Invalid();
        if (text.IsTest && options.Sandbox is not true)
            throw Refuse.Unauthorized("api_key_test", "This is a sandbox key and works only in a sandbox. Use a key of this installation.");

        var stored = await Prove(text, early, ct) ?? throw Invalid();
        var state = await states.Of(stored.KeyId, ct) ?? throw Invalid();
        if (state.Refusal(clock.GetUtcNow()) is { } refused) throw refused;
        return new Caller(
            state.OrganizationId, state.KeyId, state.Name, state.KeyId, state.UserId, state.Role,
            Roles.Limit(stored.Scopes, state.Role), stored.Partners?.ToHashSet(StringComparer.Ordinal), state.ExpiresAt);
    }

    /// <summary>The id of the key with this text, even if it is expired or revoked; null when there is no such key.</summary>
    public async Task<string?> Prove(string presented, CancellationToken ct, HttpContext? early = null) =>
        KeyText.Read(presented) is { } text ? (await Prove(text, early, ct))?.KeyId : null;

    /// <summary>A wrong key costs one query and one digest, whether its id exists or not, so timing does not reveal ids.</summary>
    private async Task<StoredKey?> Prove(KeyText text, HttpContext? early, CancellationToken ct)
    {
        using var secret = text.Secret;
        if (states.Remembered(text.PublicId) is { } remembered && IsProved(text, secret, remembered)) return remembered;
        guessLimit.RequireAllowed(early);
        var stored = await states.Find(text.PublicId, ct);
        if (IsProved(text, secret, stored)) return stored;
        guessLimit.Failed(early, stored?.UserId);
        return null;
    }

    private bool IsProved(KeyText text, Secret secret, StoredKey? stored)
    {
        var proved = pepper.Proves(secret, stored?.Mac ?? NoMac);
        return proved && stored?.IsTest == text.IsTest;
    }

    private static RefusedException Invalid() =>
        Refuse.Unauthorized("api_key_invalid", "This API key is not valid. Check that it was copied whole.");
}
