namespace Aegis.Sdk;

/// <summary>One page of a list.</summary>
/// <param name="Items">The entries of the page.</param>
/// <param name="NextCursor">Cursor of the next page; null on the last one.</param>
/// <typeparam name="T">The type of the entries.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Reads all pages, each when it is needed.</summary>
    internal static async IAsyncEnumerable<T> WalkAsync(
        Func<string?, CancellationToken, Task<Page<T>>> read, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items) yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
