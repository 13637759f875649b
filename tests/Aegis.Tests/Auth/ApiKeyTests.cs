using Aegis.Auth.Keys;
using Aegis.Kernel.Refusals;

namespace Aegis.Tests.Auth;

public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_key_is_revoked_once()
    {
        var key = ApiKey.Create(KeyText.Draw(isTest: true).Item1, [1], "Workstation", ("cons", "usr_1"), new KeyGrant(["study:read"], null, null), Now);
        key.Revoke(Now);

        var again = () => key.Revoke(Now.AddHours(1));

        again.Should().Throw<RefusedException>().Which.Code.Should().Be("key_already_revoked");
        key.RevokedAt.Should().Be(Now);
    }
}
