using System.Globalization;
using System.Text;
using ZXing;
using ZXing.Common;
using ZXing.QrCode;
using ZXing.QrCode.Internal;

namespace Aegis.Auth.Pages;

/// <summary>A QR code (ISO/IEC 18004) of a short text, with error correction M, drawn as SVG.</summary>
internal static class QrCode
{
    private const int MaxBytes = 666; // version 20: larger codes are hard to scan from a screen
    private const int QuietZone = 4; // modules around the code

    /// <summary>True when the text fits into a code.</summary>
    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= MaxBytes;

    /// <summary>Draws it in black on white, in dark mode too, because scanners need this contrast.</summary>
    /// <exception cref="ArgumentException">The text is longer than 666 bytes.</exception>
    public static string ToSvg(string text, string label)
    {
        if (!Fits(text)) throw new ArgumentException("The text is too long for a QR code.", nameof(text));
        var modules = Encode(text);
        var path = new StringBuilder();
        for (var y = 0; y < modules.Height; y++)
        {
            for (var x = 0; x < modules.Width; x++)
            {
                if (modules[x, y]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }

        var side = modules.Width;
        return $"<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\"><path "
            + $"fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>";
    }

    private static BitMatrix Encode(string text) =>
        new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, width: 0, height: 0, new Dictionary<EncodeHintType, object>
        {
            [EncodeHintType.ERROR_CORRECTION] = ErrorCorrectionLevel.M,
            [EncodeHintType.MARGIN] = QuietZone,
            [EncodeHintType.CHARACTER_SET] = "UTF-8",
            [EncodeHintType.DISABLE_ECI] = true, // the text is ASCII, and some authenticator apps fail on a declared character set
        });
}
