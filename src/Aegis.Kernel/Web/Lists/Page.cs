using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Web.Lists;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Items">At most <c>limit</c> items.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>What a caller asks of a list.</summary>
/// <param name="Limit">1–200 items, 50 unless told.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the page before.</param>
public sealed partial record PageQuery(int? Limit = null, string? Cursor = null)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>The number of items asked for, checked.</summary>
    public int Size() => Limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => Limit.Value,
        _ => throw Validation.Invalid.Field("limit", $"limit must be between 1 and {MaxLimit}."),
    };

    /// <summary>The position the cursor stands for, or null for the first page.</summary>
    public string? After()
    {
        if (string.IsNullOrEmpty(Cursor)) return null;
        try
        {
            var text = System.Text.Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(Cursor));
            if (text.Length is > 0 and <= 128) return text;
        }
        catch (FormatException)
        {
            // Falls through to the same refusal as a cursor of the wrong length.
        }

        throw Foreign();
    }

    /// <summary>The id the cursor stands for, or null for the first page: for lists ordered by id.</summary>
    public string? AfterId()
    {
        var after = After();
        return after is null || IdShape().IsMatch(after) ? after : throw Foreign();
    }

    private static RefusedException Foreign() =>
        Validation.Invalid.Field("cursor", "cursor is not one that this list gave out. Start again without it.");

    [GeneratedRegex("^[a-z]{2,8}_[0-9a-z_]{1,60}$")]
    private static partial Regex IdShape();

    public static string Encode(string position) => WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(position));
}

/// <summary>Keyset paging over ids, which sort by time.</summary>
public static class Keyset
{
    // Behind every id. With an end to the range, databases read an index that ends in the id, in order, and prefer none of a filter's.
    private const string AfterAllIds = "~";

    /// <summary>Takes one page, newest first, and shapes each row with <paramref name="shape"/> after it was read.</summary>
    public static Task<Page<TResult>> ToPage<TEntity, TResult>(
        this IQueryable<TEntity> rows, PageQuery query, Func<TEntity, TResult> shape, CancellationToken ct)
        where TEntity : Entity => ((IReadOnlyList<IQueryable<TEntity>>)[rows]).ToPage(query, shape, ct);

    /// <summary>Takes one page over several ranges, asked one after the other, so that each comes from its index in order.</summary>
    public static async Task<Page<TResult>> ToPage<TEntity, TResult>(
        this IReadOnlyList<IQueryable<TEntity>> ranges, PageQuery query, Func<TEntity, TResult> shape, CancellationToken ct)
        where TEntity : Entity
    {
        var size = query.Size();
        var before = query.AfterId() ?? AfterAllIds;
        var found = new List<TEntity>();
        foreach (var rows in ranges)
        {
            found.AddRange(await rows.Where(x => string.Compare(x.Id, before) < 0)
                .OrderByDescending(x => x.Id).Take(size + 1).AsNoTracking().ToListAsync(ct));
        }

        var newest = found.DistinctBy(x => x.Id).OrderByDescending(x => x.Id, StringComparer.Ordinal).Take(size + 1).ToList();
        var more = newest.Count > size;
        if (more) newest.RemoveAt(size);
        return new Page<TResult>(newest.ConvertAll(x => shape(x)), more ? PageQuery.Encode(newest[^1].Id) : null);
    }
}
