using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Auth;

public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Revoking_a_revoked_key_changes_nothing()
    {
        var key = ApiKey.Create(
            KeyText.Draw(isTest: true).Item1, [1], "Workstation", ("cons", "usr_1"), new KeyGrant(["study:read"], null, null), Now);
        key.Revoke("manual", Now);

        key.Revoke("manual", Now.AddHours(1));

        key.RevokedAt.Should().Be(Now);
    }
}
