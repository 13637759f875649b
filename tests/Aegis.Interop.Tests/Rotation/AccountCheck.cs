namespace Aegis.Interop.Tests.Rotation;

/// <summary>Waits until every rotation of the credentials has ended, and compares the vault, the audit log and PostgreSQL.</summary>
public sealed class AccountCheck(RotationBed bed, HostProcess host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly List<string> violations = [];

    public IReadOnlyList<string> Violations => violations;

    /// <summary>The longest wait for a rotation to end.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <param name="accounts">The accounts to check.</param>
    /// <param name="exactly">How many rotations each must have begun since the last check; null when calls may have been lost in a
    /// crash.</param>
    public async Task Check(IEnumerable<Account> accounts, int? exactly) => await Parallel.ForEachAsync(
        accounts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (account, _) => await Check(account, exactly));

    private async Task Check(Account account, int? exactly)
    {
        var fresh = await Settled(account);
        if (exactly is not null && fresh.Count != exactly) Violate(account, $"{fresh.Count} rotations were begun instead of {exactly}");
        foreach (var run in fresh) Take(account, run);
        var details = (await host.As("admin").Get($"/v1/credentials/{account.Name}")).ShouldBe(HttpStatusCode.OK).Json;
        var history = details.GetProperty("version_history").EnumerateArray().Select(v => v.GetProperty("version").GetInt32())
            .Order().ToList();
        if (details.GetProperty("version").GetInt32() != account.Version)
            Violate(account, $"version {details.GetProperty("version")} is in use instead of {account.Version}");
        if (history[^1] != account.Highest || history.Distinct().Count() != history.Count)
            Violate(account, $"the versions are {string.Join(' ', history)}, the highest should be {account.Highest}");
        if (await Entries(account, "credential.rotated", account.Rotated) is var rotated && rotated != account.Rotated)
            Violate(account, $"{rotated} entries credential.rotated for {account.Rotated} rotations");
        if (await Entries(account, "credential.rolled_back", account.RolledBack) is var back && back != account.RolledBack)
            Violate(account, $"{back} entries credential.rolled_back for {account.RolledBack} rollbacks");
        if (!await bed.LetsIn(account, await RotationBed.Value(host, account))) Violate(account, "the value in use does not log in");
        foreach (var old in history.Where(v => v != account.Version && (v == account.Before || v > account.Highest - 2)))
            if (await bed.LetsIn(account, await RotationBed.Value(host, account, old)))
                Violate(account, $"version {old} still logs in together with {account.Version}");
    }

    /// <summary>Updates the expected state of the account by one rotation or rollback.</summary>
    private void Take(Account account, JsonElement run)
    {
        account.Seen.Add(run.GetProperty("id").GetString()!);
        if (run.GetProperty("state").GetString() != "done")
        {
            Violate(account, $"a rotation ended as {run.GetProperty("state")} {run.GetProperty("last_error")}");
            return;
        }

        account.Before = account.Version;
        account.Version = run.GetProperty("to_version").GetInt32();
        if (run.GetProperty("kind").GetString() == "rollback")
        {
            account.RolledBack++;
            return;
        }

        account.Rotated++;
        if (account.Version != ++account.Highest)
            Violate(account, $"a rotation made version {account.Version} instead of {account.Highest}");
    }

    /// <summary>The rotations that were not seen before, oldest first, once none is in progress.</summary>
    private async Task<List<JsonElement>> Settled(Account account)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var list = (await host.As("admin")
                .Get($"/v1/credentials/{account.Name}/rotations?limit=100")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
            var fresh = list.EnumerateArray().Where(r => !account.Seen.Contains(r.GetProperty("id").GetString()!)).Reverse().ToList();
            if (fresh.TrueForAll(r => r.GetProperty("state").GetString() is "done" or "abandoned" or "needs_attention")
                || watch.Elapsed > Patience)
            {
                lock (violations)
                {
                    if (watch.Elapsed > Slowest) Slowest = watch.Elapsed;
                }

                return fresh;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>
    /// The number of audit entries. On a busy machine the audit log may lag by more than the two seconds that its readers wait.
    /// </summary>
    private async Task<int> Entries(Account account, string action, int expected)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var found = await Entries(account, action);
            if (found >= expected || watch.Elapsed > Patience) return found;
        }
    }

    private async Task<int> Entries(Account account, string action)
    {
        var (count, cursor) = (0, "");
        while (true)
        {
            var page = (await host.As("admin")
                .Get($"/v1/audit?object={account.Id}&action={action}&limit=200{cursor}")).ShouldBe(HttpStatusCode.OK);
            count += page.Json.GetProperty("items").GetArrayLength();
            if (page["nextCursor"] is not { } next) return count;
            cursor = $"&cursor={Uri.EscapeDataString(next)}";
        }
    }

    private void Violate(Account account, string what)
    {
        lock (violations) violations.Add($"{account.Name} ({account.Users}): {what}");
    }
}
