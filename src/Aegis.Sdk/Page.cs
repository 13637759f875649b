namespace Aegis.Sdk;

/// <summary>A part of a list.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="NextCursor">Leads to the next part; null at the end.</param>
/// <typeparam name="T">What the list holds.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>Walks through all parts, asking for each when it is needed.</summary>
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
