using FluentValidation;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>The authenticator of the caller's user.</summary>
[ApiController]
[Route("v1/auth/totp")]
[Tags("Identity")]
internal sealed class TotpController(Authenticators authenticators, Caller caller) : ControllerBase
{
    /// <summary>Tells whether the user has an authenticator, since when, and which API key or login confirmed it.</summary>
    [HttpGet]
    [RequireScope(RequireScopeAttribute.Any)]
    public Task<TotpResponse> Look(CancellationToken ct) => authenticators.Look(caller, ct);

    /// <summary>
    /// Makes a secret for the user's authenticator app and shows it once. It takes effect when confirm gets its first code.
    /// </summary>
    /// <remarks>
    /// The first one requires a login of the user, or the user's original key while the user has no password. Replacing an authenticator
    /// requires one of its codes.
    /// </remarks>
    /// <response code="401">insufficient_user_authentication</response>
    /// <response code="403">totp_invalid, key_not_original, login_narrowed, token_narrowed</response>
    /// <response code="409">totp_already_enrolled, totp_used</response>
    /// <response code="429">totp_locked</response>
    [HttpPost]
    [RequireScope(RequireScopeAttribute.Any)]
    public async Task<TotpSecretResponse> Enrol(
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] EnrolTotpRequest? body, CancellationToken ct)
    {
        caller.RequireSteppedUp(); // otherwise somebody who stole the token could enrol their own authenticator
        Response.Headers.CacheControl = "no-store";
        return await authenticators.Offer(caller, body?.Totp, ct);
    }

    /// <summary>
    /// Confirms the secret that was shown, with its first code. From now on its codes are accepted, and those of an earlier secret are not.
    /// </summary>
    /// <response code="204">Confirmed.</response>
    /// <response code="401">insufficient_user_authentication</response>
    /// <response code="403">totp_invalid, key_not_original, login_narrowed, token_narrowed</response>
    /// <response code="409">totp_not_pending</response>
    /// <response code="429">totp_locked</response>
    [HttpPost("confirm")]
    [RequireScope(RequireScopeAttribute.Any)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Confirm(TotpRequest request, CancellationToken ct)
    {
        caller.RequireSteppedUp();
        await authenticators.Confirm(caller, request.Totp, ct);
        return NoContent();
    }
}

/// <param name="Totp">The six digits that the user's authenticator shows.</param>
internal sealed record TotpRequest(string Totp);

internal sealed class TotpRequestValidator : AbstractValidator<TotpRequest>
{
    public TotpRequestValidator() => RuleFor(x => x.Totp).Matches(TotpDigits.Pattern).WithMessage(TotpDigits.Sentence);
}

/// <param name="Totp">A code of the authenticator that is replaced; null for the first one.</param>
internal sealed record EnrolTotpRequest(string? Totp = null);

internal sealed class EnrolTotpRequestValidator : AbstractValidator<EnrolTotpRequest>
{
    public EnrolTotpRequestValidator() => RuleFor(x => x.Totp).Matches(TotpDigits.Pattern).WithMessage(TotpDigits.Sentence);
}

internal static class TotpDigits
{
    public const string Pattern = @"\A[0-9]{6}\z";
    public const string Sentence = "totp must be 6 digits.";
}

/// <param name="ConfirmedAt">When the authenticator was confirmed; null while there is none.</param>
/// <param name="ConfirmedWith">The API key or login that confirmed it. If it is not yours, have the authenticator reset and revoke that
/// key.</param>
/// <param name="Pending">True while a secret was shown and is not confirmed yet.</param>
internal sealed record TotpResponse(DateTimeOffset? ConfirmedAt, string? ConfirmedWith, bool Pending);

/// <param name="Secret">The secret in base32, for typing it into an app.</param>
/// <param name="Uri">The secret as <c>otpauth://…</c>, for showing it as a QR code.</param>
internal sealed record TotpSecretResponse(string Secret, string Uri)
{
    public static TotpSecretResponse Of(string secret, string email) => new(
        secret,
        $"otpauth://totp/Aegis:{System.Uri.EscapeDataString(email)}?secret={secret}&issuer=Aegis&algorithm=SHA1"
            + $"&digits={Rfc6238.Digits}&period={Rfc6238.StepSeconds}");
}
