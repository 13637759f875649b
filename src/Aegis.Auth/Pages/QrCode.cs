using System.Globalization;
using System.Text;

namespace Aegis.Auth.Pages;

/// <summary>A QR code (ISO/IEC 18004): text as bytes, error correction M, the smallest version up to 20 that holds it.</summary>
internal sealed class QrCode
{
    private const int Largest = 20;
    private const int Quiet = 4; // modules around it
    private const int Masks = 8;

    private readonly QrGrid grid;

    private QrCode(QrGrid grid) => this.grid = grid;

    /// <summary>Modules on a side.</summary>
    public int Size => grid.Size;

    public bool this[int x, int y] => grid[x, y];

    /// <exception cref="ArgumentException">The text is longer than 666 bytes.</exception>
    public static QrCode Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var version = 1; version <= Largest; version++)
        {
            if (QrBlocks.Encode(bytes, version) is not { } codewords) continue;
            var best = Enumerable.Range(0, Masks).Select(mask => QrGrid.Draw(version, codewords, mask)).MinBy(grid => grid.Penalty())!;
            return new QrCode(best);
        }

        throw new ArgumentException("The text is too long for a QR code.", nameof(text));
    }

    /// <summary>True when a code holds the text.</summary>
    public static bool Holds(string text) => QrBlocks.Encode(Encoding.UTF8.GetBytes(text), Largest) is not null;

    /// <summary>As a picture in black and white: readers want no other colours, in the dark neither.</summary>
    public string ToSvg(string label)
    {
        var path = new StringBuilder();
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                if (this[x, y]) path.Append(CultureInfo.InvariantCulture, $"M{x + Quiet} {y + Quiet}h1v1h-1z");
            }
        }

        var side = Size + 2 * Quiet;
        return $"<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>";
    }
}
