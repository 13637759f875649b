namespace Aegis.Audit.Verification;

/// <summary>
/// Holds what lists and proofs find entries by against the entries themselves: who changes it hides an entry from its owners, or shows it
/// to others, without touching the log. What is found is said at the end: a change of the log itself weighs more.
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
                if (await stored.Head(ct) is { } now && now.Expired > (long)row[1]!) return; // retention took it meanwhile
                var id = entries.First(e => e.Sequence == (long)row[1]!).Id;
                finding ??= string.Create(CultureInfo.InvariantCulture,
                    $"What entry {row[1]} ({id}) is found by was changed or removed: the lists of {organization.Key} do not show it "
                        + $"as it is.");
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
                    $"{present - rows} rows that entries are found by were added: lists show entries to whom they do not belong."));
    }

    private IEnumerable<object?[]> RowsOf(StoredEntry entry)
    {
        try
        {
            var fact = AuditFact.FromBytes(entry.Body);
            if (fact.Id != entry.Id)
                finding ??= string.Create(CultureInfo.InvariantCulture,
                    $"The id of entry {entry.Sequence} was changed: it is {fact.Id}, and stored as {entry.Id}.");
            return EntryOwner.Rows(fact, entry.Sequence);
        }
        catch (JsonException)
        {
            return []; // it never had owners
        }
    }
}
