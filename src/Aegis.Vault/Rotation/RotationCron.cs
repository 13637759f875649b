using Cronos;

namespace Aegis.Vault.Rotation;

/// <summary>
/// The schedule of a credential with <c>rotation_cron</c>, in UTC. Five fields are read as crontab(5) reads them, six and seven as Quartz
/// does: seconds first, days of the week from 1 = Sunday, and a last field for years that may only be <c>*</c>.
/// </summary>
/// <remarks>
/// Cronos combines a day of the month and a day of the week with AND, crontab with OR. Where both are given, the earlier time of two
/// expressions counts. Quartz accepts only one of them. Compared with the parser of release 0.1 on 200,000 generated expressions.
/// </remarks>
internal sealed class RotationCron
{
    private const int DayOfMonth = 3; // of six fields
    private const int DayOfWeek = 5;
    private const int Year = 6;
    private static readonly string[] Ranges = ["0-59", "0-59", "0-23", "1-31", "1-12", "0-6"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly CronExpression[] either;

    private RotationCron(params CronExpression[] either) => this.either = either;

    /// <summary>True for a stored expression that an earlier release accepted and this one cannot read.</summary>
    public static bool IsUnreadable(string? text) => text is not null && Parse(text) is null;

    public static string UnreadableSentence(string text) =>
        $"rotation_cron '{text}' can no longer be read: it names a year, or uses other syntax that Aegis no longer accepts. "
            + "Set rotation_cron again, or set it to null to use the interval.";

    /// <returns>Null when the text is not a valid expression or names a year.</returns>
    public static RotationCron? Parse(string text)
    {
        var fields = text.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return fields.Length switch
            {
                5 => Crontab(["0", .. fields]),
                6 => Quartz(fields),
                7 when fields[Year] == "*" => Quartz(fields[..Year]),
                _ => null,
            };
        }
        catch (CronFormatException)
        {
            return null;
        }
    }

    /// <summary>The first time after <paramref name="now"/>; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset now) => either.Select(e => e.GetNextOccurrence(now, TimeZoneInfo.Utc)).Min();

    private static RotationCron? Crontab(string[] fields)
    {
        if (WithDays(fields, firstDay: 0) is not { } six) return null;
        if (IsAny(six[DayOfMonth]) || IsAny(six[DayOfWeek])) return new RotationCron(Six(six));
        return new RotationCron(Six(With(six, DayOfMonth, "*")), Six(With(six, DayOfWeek, "*")));
    }

    private static RotationCron? Quartz(string[] fields)
    {
        if (!IsAny(fields[DayOfMonth]) && !IsAny(fields[DayOfWeek])) return null;
        return WithDays(fields, firstDay: 1) is { } six ? new RotationCron(Six(six)) : null;
    }

    /// <summary>
    /// Replaces a star in a list, such as <c>*/20,5</c>, by the whole range of its field, because Cronos does not accept it.
    /// </summary>
    private static CronExpression Six(string[] fields)
    {
        var spelled = fields.Select((field, i) => field.Contains(',', StringComparison.Ordinal)
            ? field.Replace("*", Ranges[i], StringComparison.Ordinal)
            : field);
        return CronExpression.Parse(string.Join(' ', spelled), CronFormat.IncludeSeconds);
    }

    private static string[] With(string[] fields, int field, string text) => [.. fields[..field], text, .. fields[(field + 1)..]];

    private static bool IsAny(string field) => field is "*" or "?";

    /// <summary>Writes out the days of the week from 0 = Sunday; null when they are invalid. A range of all seven becomes a star.</summary>
    private static string[]? WithDays(string[] fields, int firstDay)
    {
        if (IsAny(fields[DayOfWeek])) return fields;
        var days = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in fields[DayOfWeek].Split(','))
        {
            if (firstDay == 1 && Special(part) is { } special) days.Add(special);
            else if (DaysOf(part, firstDay) is { } some) days.UnionWith(some);
            else return null;
        }

        return With(fields, DayOfWeek, fields[DayOfWeek] is "0-6" or "0-7" or "1-7" or "SUN-SAT" ? "*" : string.Join(',', days));
    }

    /// <summary>
    /// Reads the last (<c>6L</c>) and the nth (<c>6#3</c>) day of the week in a month as Quartz writes them, and <c>L</c>, the last day of
    /// a week.
    /// </summary>
    private static string? Special(string part)
    {
        if (part == "L") return "6";
        if (part.EndsWith('L')) return Day(part[..^1], 1) is { } last ? $"{last}L" : null;
        return part.Split('#') is [var one, var nth] && Day(one, 1) is { } day ? $"{day}#{nth}" : null;
    }

    /// <summary>
    /// Reads a day, a range that may cross the end of a week, or either with a step. A day with a step runs to the end of the week.
    /// </summary>
    private static IEnumerable<string>? DaysOf(string part, int firstDay)
    {
        if (part.Split('/') is not [var range, .. var steps] || steps.Length > 1) return null;
        var step = 1;
        if (steps is [var text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out step) || step == 0))
            return null;
        int from, count;
        if (range == "*") (from, count) = (0, Days.Length);
        else if (range.Split('-') is [var first, var last])
        {
            if (Day(first, firstDay) is not { } start || Day(last, firstDay) is not { } end) return null;
            (from, count) = (start,
                first != "7" && last == "7" && firstDay == 0 ? Days.Length - start + 1 : (end - start + Days.Length) % Days.Length + 1);
        }
        else
        {
            if (Day(range, firstDay) is not { } only) return null;
            (from, count) = (only, steps.Length == 0 ? 1 : Days.Length - only);
        }

        return Enumerable.Range(0, count).Where(i => i % step == 0).Select(i => $"{(from + i) % Days.Length}");
    }

    /// <param name="text">A name, or a number: crontab's 0 to 7, or Quartz' 1 to 7.</param>
    /// <param name="firstDay">The number of Sunday.</param>
    private static int? Day(string text, int firstDay)
    {
        if (Array.IndexOf(Days, text) is >= 0 and var named) return named;
        if (text is not [>= '0' and <= '7'] || text[0] - '0' < firstDay) return null;
        return (text[0] - '0' - firstDay) % Days.Length;
    }
}
