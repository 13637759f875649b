namespace Aegis.Auth.People.Onboarding;

/// <summary>
/// The key from which all others of an organization are made. Its owner is an admin and it never expires, because keys end with the key
/// they were made with and there is no other way in; it is rotated, and kept for making narrower ones.
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
