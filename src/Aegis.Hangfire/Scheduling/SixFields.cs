using System.Globalization;

namespace Aegis.Hangfire.Scheduling;

/// <summary>
/// Says a Quartz cron expression in Hangfire's six fields, with seconds. They differ in three ways: Hangfire counts the days of the week
/// from Sunday = 0 and not 1, has no year, and reads a day of the month beside a day of the week as 'and'.
/// </summary>
internal static class SixFields
{
    private const int DaysOfMonth = 3;
    private const int DaysOfWeek = 5;
    private const int Year = 6;
    private static readonly string[] Names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <exception cref="FormatException">Hangfire has no words for it; the message says for what.</exception>
    public static string Of(string quartz)
    {
        var fields = quartz.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is < 6 or > 7) throw Cannot(quartz, "it needs six fields, or seven with a year");
        if (fields.Length == 7 && fields[Year] != "*") throw Cannot(quartz, "Hangfire knows no year");
        if (IsAny(fields[DaysOfMonth]) is false && IsAny(fields[DaysOfWeek]) is false) throw Cannot(quartz, "it names days of the month and of the week");
        if (Array.Exists(fields, f => f.StartsWith('/'))) throw Cannot(quartz, "a step needs a beginning, such as '0/5'");

        for (var field = 0; field < DaysOfWeek; field++)
            if (IsAny(fields[field])) fields[field] = "*";
        fields[DaysOfWeek] = IsAny(fields[DaysOfWeek]) ? "*" : string.Join(',', fields[DaysOfWeek].Split(',').Select(part => Days(part, quartz)));
        return string.Join(' ', fields[..Year]);
    }

    private static bool IsAny(string field) => field is "*" or "?";

    /// <summary>A day, a range of days, the last such day of a month (<c>6L</c>) or the nth (<c>6#3</c>).</summary>
    private static string Days(string part, string quartz)
    {
        if (part == "L") return Day("7", quartz); // Quartz: the last day of the week
        if (part.EndsWith('L')) return $"{Day(part[..^1], quartz)}L";
        if (part.Split('#') is [var day, var nth]) return $"{Day(day, quartz)}#{nth}";
        return string.Join('-', part.Split('-').Select(d => Day(d, quartz)));
    }

    private static string Day(string text, string quartz)
    {
        var day = Array.IndexOf(Names, text);
        if (day < 0 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) day = number - 1;
        if (day is < 0 or > 6) throw Cannot(quartz, $"'{text}' is no day of the week; write steps out");
        return day.ToString(CultureInfo.InvariantCulture);
    }

    private static FormatException Cannot(string quartz, string why) => new($"'{quartz}' cannot be said in Hangfire's cron: {why}.");
}
