namespace Aegis.Interop.Tests.Rotation;

/// <summary>Kills hosts in the middle of rotations, starts new ones, and checks the credentials.</summary>
public sealed class Kills(RotationBed bed)
{
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(180);
    private const int ShortLease = 10;
    private int turn;

    public List<string> Violations { get; } = [];

    /// <summary>The longest time from a restart to the end of the interrupted rotations.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>How long it takes to rotate all accounts at once. A random kill falls within this time.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Brings every given credential to the point on a host that kills itself when all are there; then another host continues.
    /// </summary>
    /// <returns>How many reached the point; 0 when not all did in time, and the round does not count.</returns>
    public async Task<int> At(Boundary boundary, IReadOnlyList<Account> accounts)
    {
        turn++;
        var ended = false;
        await using (var host = await bed.Start(30, StartupHook.EndAt(boundary.Point, accounts.Count)))
        {
            var calls = accounts.Select((a, i) =>
                IgnoreLostAnswer(RotationBed.Ask(host, a, Possible(a, boundary.Acts[(i + turn) % boundary.Acts.Count])))).ToList();
            ended = await host.Ends(Arrival);
            await host.Kill();
            await Task.WhenAll(calls);
        }

        await CheckOnNewHost(accounts, ended ? 1 : null, boundary.Point);
        return ended ? accounts.Count : 0;
    }

    /// <summary>Kills the host (kill -9) at a random moment of many rotations.</summary>
    public async Task Anywhere(IReadOnlyList<Account> accounts)
    {
        turn++;
        await using (var host = await bed.Start(30))
        {
            var calls = accounts.Select((a, i) => IgnoreLostAnswer(RotationBed.Ask(host, a, Possible(a, (Act)((i + turn) % 3))))).ToList();
            await Task.Delay(RandomNumberGenerator.GetInt32((int)Takes.TotalMilliseconds));
            await host.Kill();
            await Task.WhenAll(calls);
        }

        await CheckOnNewHost(accounts, exactly: null, "a kill");
    }

    private async Task CheckOnNewHost(IReadOnlyList<Account> accounts, int? exactly, string after)
    {
        await using var next = await bed.Start(ShortLease); // its shorter lease lets it take over the steps of the dead host at once
        var check = new AccountCheck(bed, next);
        await check.Check(accounts, exactly);
        Violations.AddRange(check.Violations.Select(v => $"after {after}: {v}"));
        if (check.Slowest > Slowest) Slowest = check.Slowest;
    }

    private static Act Possible(Account account, Act act) => act is Act.Rollback && account.Before == 0 ? Act.Rotate : act;

    /// <summary>Ignores the missing answer of a host that was killed.</summary>
    private static async Task IgnoreLostAnswer(Task call)
    {
        try
        {
            await call;
        }
        catch (HttpRequestException)
        {
            // The host was killed.
        }
    }
}
