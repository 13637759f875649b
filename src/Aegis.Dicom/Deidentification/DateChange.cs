using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Aegis.Dicom.Deidentification;

/// <summary>Changes dates as the option says (PS3.15 E.3.6). A value it cannot parse is not kept.</summary>
internal sealed class DateChange(DateTreatment treatment, int daysBack)
{
    // Ten years: blurs season and age, and the result is never in the future.
    private const int MaxDaysBack = 3652;
    private const int DateBytes = 8;
    private const int YearBytes = 4; // the shortest DT
    private const int MaxDateTimeBytes = 26;
    private static readonly SearchValues<byte> TimeCharacters = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> DateTimeCharacters = SearchValues.Create("0123456789.+-"u8);

    /// <summary>The date shift of a patient within a pair of organizations: secret, and the same for every study.</summary>
    public static DateChange For(DateTreatment treatment, ReadOnlySpan<byte> pairSecret, string patientKey)
    {
        if (treatment is not DateTreatment.Shift) return new(treatment, 0);
        // Uses a different hash from the UID map, so that no crafted UID yields this digest.
        var digest = HMACSHA512.HashData(pairSecret, Encoding.UTF8.GetBytes("date-shift\0" + patientKey));
        return new(treatment, 1 + (int)(BinaryPrimitives.ReadUInt64BigEndian(digest) % MaxDaysBack));
    }

    /// <summary>Null when the value is not a date this option can keep.</summary>
    public byte[]? Apply(Vr vr, ReadOnlySpan<byte> value)
    {
        using var changed = new MemoryStream(value.Length);
        Span<byte> to = stackalloc byte[MaxDateTimeBytes];
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) changed.WriteByte((byte)'\\');
            var text = value[part].Trim(" \0"u8);
            if (text.IsEmpty) continue;
            if (text.Length > MaxDateTimeBytes) return null;
            text.CopyTo(to);
            var length = ChangeOne(vr, to[..text.Length]);
            if (length == 0) return null;
            changed.Write(to[..length]);
        }
        return changed.ToArray();
    }

    // Changes the text in place and returns the length that stays.
    private int ChangeOne(Vr vr, Span<byte> text) => vr switch
    {
        Vr.DA => text.Length == DateBytes && Date(text) ? DateBytes : 0,
        Vr.DT => DateTime(text),
        Vr.TM => treatment is DateTreatment.Shift && text.IndexOfAnyExcept(TimeCharacters) < 0 ? text.Length : 0,
        // Timezone Offset From UTC is the only SH with a date column.
        Vr.SH => treatment is DateTreatment.Shift && text is [(byte)'+' or (byte)'-', _, _, _, _]
            && text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? text.Length : 0,
        _ => 0,
    };

    private int DateTime(Span<byte> text)
    {
        if (treatment is DateTreatment.Year && text.Length == YearBytes && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            return YearBytes;
        if (text.Length < DateBytes || text.IndexOfAnyExcept(DateTimeCharacters) >= 0
            || !IsTime(text[DateBytes..]) || !Date(text[..DateBytes]))
            return 0;
        return treatment is DateTreatment.Year ? YearBytes : text.Length;
    }

    // Digits, then at most one four-digit time zone: two dates joined by a hyphen are not a date with a zone.
    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        var zone = text.IndexOfAny("+-"u8);
        if (zone < 0) return true;
        return text[(zone + 1)..] is [(byte)'0' or (byte)'1', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'5', >= (byte)'0'
            and <= (byte)'9'];
    }

    private bool Date(Span<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out uint number, out var used) || used != DateBytes) return false;
        var (year, month, day) = ((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > System.DateTime.DaysInMonth(year, month)) return false;

        var date = treatment is DateTreatment.Year ? new DateOnly(year, 1, 1) : Earlier(new(year, month, day));
        Utf8Formatter.TryFormat((uint)(date.Year * 10000 + date.Month * 100 + date.Day), text, out _, new('D', DateBytes));
        return true;
    }

    private DateOnly Earlier(DateOnly date) => DateOnly.FromDayNumber(Math.Max(0, date.DayNumber - daysBack));
}
