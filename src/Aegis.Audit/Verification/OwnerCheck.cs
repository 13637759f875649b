namespace Aegis.Audit.Verification;

/// <summary>
/// Compares the rows that lists and proofs use to find entries with the entries themselves. Somebody who changes these rows can hide an
/// entry from its owners or show it to others without touching the log. The result is reported last because a change of the log itself is
/// more serious.
/// </summary>
internal sealed class OwnerCheck(StoredLog stored)
{
    private long rows;
    private string? finding;

    public async Task Check(IReadOnlyList<StoredEntry> entries, CancellationToken ct)
    {
        if (finding is not null) return;
        var expected = entries.SelectMany(RowsOf).ToList();
        rows += expected.Count;
        foreach (var organization in expected.GroupBy(r => (string)r[0]!, StringComparer.Ordinal))
        {
            var present = await stored.Owners(organization.Key, entries[0].Sequence, entries[^1].Sequence + 1, ct);
            foreach (var row in organization)
            {
                if (present.Exists(p => EntryOwner.IsStored(row, p))) continue;
                if (await stored.Head(ct) is { } now && now.Expired > (long)row[1]!) return; // the entry has expired since
                var id = entries.First(e => e.Sequence == (long)row[1]!).Id;
                finding ??= string.Create(CultureInfo.InvariantCulture,
                    $"The index row of entry {row[1]} ({id}) was changed or removed: the lists of {organization.Key} do not show the "
                        + $"entry correctly.");
            }
        }
    }

    /// <exception cref="TamperedException">A row was changed, removed or added.</exception>
    public async Task Conclude(long size, CancellationToken ct)
    {
        if (finding is not null) throw new TamperedException(finding);
        if (await stored.CountOwners(size, ct) is var present && present > rows)
            throw new TamperedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{present - rows} index rows were added: lists show entries to organizations that do not own them."));
    }

    private IEnumerable<object?[]> RowsOf(StoredEntry entry)
    {
        try
        {
            var fact = AuditFact.FromBytes(entry.Body);
            if (fact.Id != entry.Id)
                finding ??= string.Create(CultureInfo.InvariantCulture,
                    $"The id of entry {entry.Sequence} was changed: it is {fact.Id}, but stored as {entry.Id}.");
            return EntryOwner.Rows(fact, entry.Sequence);
        }
        catch (JsonException)
        {
            return []; // an unreadable entry has no owners
        }
    }
}
