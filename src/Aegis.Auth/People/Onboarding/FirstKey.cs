namespace Aegis.Auth.People.Onboarding;

/// <summary>
/// The key with which all other keys of an organization are made. Its owner is an admin. It never expires, because a key ends together with
/// the key that made it, and the organization has no other access at first. It can be rotated, and is meant only for making narrower keys.
/// </summary>
internal static class FirstKey
{
    private const string Name = "First key";

    public static (ApiKey Key, string Text) Draw(
        (string OrganizationId, string Id) admin, Pepper pepper, AuthOptions options, DateTimeOffset now)
    {
        var (drawn, text) = KeyText.Draw(isTest: options.Sandbox is true);
        using var secret = drawn.Secret;
        var grant = new KeyGrant(
            [.. Roles.Limit(Presets.FullAccess.Scopes, Roles.Admin).Order(StringComparer.Ordinal)], Partners: null, ExpiresAt: null);
        return (ApiKey.Create(drawn, pepper.Mac(secret), Name, admin, grant, now), text);
    }
}
