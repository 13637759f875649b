using Aegis.Auth.Access.Bearer;
using Aegis.Auth.Access.Tokens;

namespace Aegis.Tests.Auth;

public sealed class ValidatedTokensTests
{
    private const int Made = 3 * ValidatedTokens.Capacity;

    private readonly TestClock clock = new();

    [Fact]
    public void A_cached_token_is_found_by_its_whole_text()
    {
        var tokens = new ValidatedTokens(clock);
        var claims = Claims(TimeSpan.FromMinutes(15));

        tokens.Remember("header.claims.signature", claims);

        tokens.Find("header.claims.signature").Should().BeSameAs(claims);
        tokens.Find("header.claims.signaturf").Should().BeNull();
    }

    [Fact]
    public void An_expired_token_is_not_found()
    {
        var tokens = new ValidatedTokens(clock);
        tokens.Remember("token", Claims(TimeSpan.FromMinutes(15)));

        clock.Advance(TimeSpan.FromMinutes(15));

        tokens.Find("token").Should().BeNull();
    }

    [Fact]
    public void The_cache_never_exceeds_its_capacity()
    {
        var tokens = new ValidatedTokens(clock);
        var claims = Claims(TimeSpan.FromMinutes(15));

        for (var i = 0; i < Made; i++) tokens.Remember($"token {i}", claims);

        Enumerable.Range(0, Made).Count(i => tokens.Find($"token {i}") is not null)
            .Should().BeInRange(ValidatedTokens.Capacity / 2, ValidatedTokens.Capacity);
        tokens.Find($"token {Made - 1}").Should().NotBeNull();
        tokens.Find("token 0").Should().BeNull();
    }

    [Fact]
    public void A_token_in_use_stays_in_the_cache()
    {
        var tokens = new ValidatedTokens(clock);
        var claims = Claims(TimeSpan.FromMinutes(15));
        tokens.Remember("in use", claims);

        for (var i = 0; i < Made; i++)
        {
            tokens.Remember($"token {i}", claims);
            tokens.Find("in use").Should().NotBeNull();
        }
    }

    private AccessToken Claims(TimeSpan lifetime) =>
        new("key_1", Role: null, new HashSet<string>(), Partners: null, clock.GetUtcNow() + lifetime, "ses_1", clock.GetUtcNow(),
            "sgk_1", "key_1", "jti_1");
}
