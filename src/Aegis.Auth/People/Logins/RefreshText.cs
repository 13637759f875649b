using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Auth.People.Logins;

/// <summary>
/// The text of a refresh token: <c>aegis_rt_</c>, the login's id without its prefix, its number, and the proof in base64url.
/// </summary>
/// <param name="SessionId">The login.</param>
/// <param name="Number">The number of the token within the login.</param>
/// <param name="Proof">HMAC-SHA256, see <see cref="RefreshFamily"/>.</param>
internal sealed partial record RefreshText(string SessionId, int Number, byte[] Proof)
{
    /// <summary>Parses a presented token. Returns null when the text is malformed.</summary>
    public static RefreshText? Read(string text) =>
        Shape().Match(text) is { Success: true, Groups: var parts }
            && int.TryParse(parts[2].ValueSpan, CultureInfo.InvariantCulture, out var number)
            ? new RefreshText(Session.Prefix + parts[1].Value, number, WebEncoders.Base64UrlDecode(parts[3].Value))
            : null;

    public static string Write(string sessionId, int number, byte[] proof) =>
        string.Create(CultureInfo.InvariantCulture,
            $"aegis_rt_{sessionId[Session.Prefix.Length..]}_{number}_{WebEncoders.Base64UrlEncode(proof)}");

    public override string ToString() => "***";

    [GeneratedRegex(@"\Aaegis_rt_([0-9a-z]{26})_([0-9]{1,9})_([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
