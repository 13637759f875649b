namespace Aegis.Auth.Pages;

/// <summary>The modules of a QR code: patterns that find and align it, what it says of itself, and the masked data (ISO/IEC 18004 §6.3, §7.7–7.10).</summary>
internal sealed class QrGrid
{
    private const int FirstWithVersion = 7;
    private const int FormatPolynomial = 0x537;
    private const int FormatMask = 0x5412;
    private const int VersionPolynomial = 0x1F25;

    private readonly bool[,] dark;
    private readonly bool[,] taken; // not for data

    private QrGrid(int version)
    {
        Size = 17 + 4 * version;
        dark = new bool[Size, Size];
        taken = new bool[Size, Size];
    }

    public int Size { get; }

    public bool this[int x, int y] => dark[x, y];

    /// <summary>Modules that data and its correction have.</summary>
    public static int DataModules(int version)
    {
        var modules = (16 * version + 128) * version + 64;
        if (version == 1) return modules;
        var aligned = version / 7 + 2;
        modules -= (25 * aligned - 10) * aligned - 55;
        return version >= FirstWithVersion ? modules - 36 : modules;
    }

    public static QrGrid Draw(int version, byte[] codewords, int mask)
    {
        var grid = new QrGrid(version);
        grid.DrawPatterns(version);
        grid.DrawFormat(mask);
        if (version >= FirstWithVersion) grid.DrawVersion(version);
        grid.DrawData(codewords, mask);
        return grid;
    }

    private void Set(int x, int y, bool isDark)
    {
        dark[x, y] = isDark;
        taken[x, y] = true;
    }

    private void DrawPatterns(int version)
    {
        for (var i = 0; i < Size; i++)
        {
            Set(6, i, i % 2 == 0);
            Set(i, 6, i % 2 == 0);
        }

        foreach (var (x, y) in new[] { (3, 3), (Size - 4, 3), (3, Size - 4) }) DrawRings(x, y, 4, ring => ring is not (2 or 4));
        var places = Places(version);
        foreach (var x in places)
        {
            foreach (var y in places)
            {
                var isFinder = (x == 6 && (y == 6 || y == Size - 7)) || (x == Size - 7 && y == 6);
                if (!isFinder) DrawRings(x, y, 2, ring => ring != 1);
            }
        }
    }

    private void DrawRings(int centreX, int centreY, int reach, Func<int, bool> isDark)
    {
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                var (x, y) = (centreX + dx, centreY + dy);
                if (x >= 0 && x < Size && y >= 0 && y < Size) Set(x, y, isDark(Math.Max(Math.Abs(dx), Math.Abs(dy))));
            }
        }
    }

    private int[] Places(int version)
    {
        if (version == 1) return [];
        var count = version / 7 + 2;
        var step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
        return [6, .. Enumerable.Range(0, count - 1).Select(i => Size - 7 - i * step)];
    }

    /// <summary>Correction M is 00, so the five bits are those of the mask.</summary>
    private void DrawFormat(int mask)
    {
        var bits = ((mask << 10) | Remainder(mask, 10, FormatPolynomial)) ^ FormatMask;
        bool Bit(int i) => ((bits >> i) & 1) == 1;
        for (var i = 0; i < 15; i++)
        {
            // Around the corner at the left top, and once more at the two others.
            if (i < 6) Set(8, i, Bit(i));
            else if (i < 8) Set(8, i + 1, Bit(i));
            else if (i == 8) Set(7, 8, Bit(i));
            else Set(14 - i, 8, Bit(i));
            if (i < 8) Set(Size - 1 - i, 8, Bit(i));
            else Set(8, Size - 15 + i, Bit(i));
        }

        Set(8, Size - 8, isDark: true);
    }

    private void DrawVersion(int version)
    {
        var bits = (version << 12) | Remainder(version, 12, VersionPolynomial);
        for (var i = 0; i < 18; i++)
        {
            var isDark = ((bits >> i) & 1) == 1;
            Set(Size - 11 + i % 3, i / 3, isDark);
            Set(i / 3, Size - 11 + i % 3, isDark);
        }
    }

    private static int Remainder(int value, int degree, int polynomial)
    {
        for (var i = 0; i < degree; i++) value = (value << 1) ^ ((value >> (degree - 1)) * polynomial);
        return value;
    }

    /// <summary>Two columns at a time from the right, upwards and downwards in turn.</summary>
    private void DrawData(byte[] codewords, int mask)
    {
        var bit = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            if (right == 6) right = 5; // the timing pattern
            for (var step = 0; step < Size; step++)
            {
                var isUpwards = ((right + 1) & 2) == 0;
                var y = isUpwards ? Size - 1 - step : step;
                foreach (var x in new[] { right, right - 1 })
                {
                    if (taken[x, y]) continue;
                    var isDark = bit < codewords.Length * 8 && ((codewords[bit / 8] >> (7 - bit % 8)) & 1) == 1;
                    bit++;
                    dark[x, y] = isDark ^ IsMasked(mask, x, y);
                }
            }
        }
    }

    private static bool IsMasked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => (x / 3 + y / 2) % 2 == 0,
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3) % 2 == 0,
        _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
    };

    /// <summary>How hard it is to read (§7.8.3.1): runs, blocks, what looks like a finder, and too much of one colour.</summary>
    public int Penalty()
    {
        var (penalty, darkCount) = (0, 0);
        for (var i = 0; i < Size; i++)
        {
            var line = i;
            penalty += OfLine(at => dark[at, line]) + OfLine(at => dark[line, at]);
            for (var x = 0; x < Size; x++)
            {
                if (dark[x, i]) darkCount++;
                if (x > 0 && i > 0 && dark[x, i] == dark[x - 1, i] && dark[x, i] == dark[x, i - 1] && dark[x, i] == dark[x - 1, i - 1]) penalty += 3;
            }
        }

        return penalty + Math.Abs(darkCount * 20 - Size * Size * 10) / (Size * Size) * 10;
    }

    private int OfLine(Func<int, bool> isDark)
    {
        const int like = 0b1011101; // a finder, with four light modules on one side
        var (penalty, run, seen) = (0, 0, 0);
        for (var i = 0; i < Size; i++)
        {
            run = i > 0 && isDark(i) == isDark(i - 1) ? run + 1 : 1;
            if (run == 5) penalty += 3;
            else if (run > 5) penalty++;
            seen = ((seen << 1) | (isDark(i) ? 1 : 0)) & 0x7FF;
            if (i >= 10 && seen is like << 4 or like) penalty += 40;
        }

        return penalty;
    }
}
