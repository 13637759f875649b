using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Kernel.Web.Lists;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Items">At most <c>limit</c> items.</param>
/// <param name="NextCursor">Send it as <c>cursor</c> to get the next page; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The paging parameters of a list.</summary>
/// <param name="Limit">1–200 items, 50 by default.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the previous page.</param>
public sealed partial record PageQuery(int? Limit = null, string? Cursor = null)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Returns the requested number of items, validated.</summary>
    public int Size() => Limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => Limit.Value,
        _ => throw Validation.Invalid.Field("limit", $"limit must be between 1 and {MaxLimit}."),
    };

    /// <summary>Returns the position in the cursor, or null for the first page.</summary>
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
            // Falls through to the refusal for a cursor of the wrong length.
        }

        throw UnknownCursor();
    }

    /// <summary>Returns the id in the cursor, or null for the first page. For lists ordered by id.</summary>
    public string? AfterId()
    {
        var after = After();
        return after is null || IdShape().IsMatch(after) ? after : throw UnknownCursor();
    }

    private static RefusedException UnknownCursor() =>
        Validation.Invalid.Field("cursor", "cursor does not come from this list. Start again without it.");

    [GeneratedRegex("^[a-z]{2,8}_[0-9a-z_]{1,60}$")]
    private static partial Regex IdShape();

    public static string Encode(string position) => WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes(position));
}

/// <summary>Keyset paging by id; ids sort by time.</summary>
public static class Keyset
{
    // Sorts after every id. With an upper end of the range, databases read the index that ends in the id, in order, and do not prefer a
    // filter's index.
    private const string AfterAllIds = "~";

    /// <summary>Reads one page, newest first, and converts each row with <paramref name="shape"/> after reading.</summary>
    public static Task<Page<TResult>> ToPage<TEntity, TResult>(
        this IQueryable<TEntity> rows, PageQuery query, Func<TEntity, TResult> shape, CancellationToken ct)
        where TEntity : Entity => ((IReadOnlyList<IQueryable<TEntity>>)[rows]).ToPage(query, shape, ct);

    /// <summary>Reads one page from several ranges. Each range is its own query, so that it can use its index in order.</summary>
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
