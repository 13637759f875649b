namespace Aegis.Interop.Tests.Rotation;

/// <summary>Ends hosts in the middle of rotations, starts them again, and looks what became of the credentials.</summary>
public sealed class Kills(RotationBed bed)
{
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(180);
    private const int ShortLease = 10;
    private int turn;

    public List<string> Violations { get; } = [];

    /// <summary>The longest from a restart to the end of what the kill had cut off.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>How long it takes to rotate all at once, from the first call on: a kill at any moment falls within it.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Brings every given credential to the point with a host that ends itself when all are there; then another host goes on.
    /// </summary>
    /// <returns>How many were there; 0 when not all came in time, and the round does not count.</returns>
    public async Task<int> At(Boundary boundary, IReadOnlyList<Account> accounts)
    {
        turn++;
        var ended = false;
        await using (var host = await bed.Start(30, StartupHook.EndAt(boundary.Point, accounts.Count)))
        {
            var calls = accounts.Select((a, i) =>
                Unheard(RotationBed.Ask(host, a, Possible(a, boundary.Acts[(i + turn) % boundary.Acts.Count])))).ToList();
            ended = await host.Ends(Arrival);
            await host.Kill();
            await Task.WhenAll(calls);
        }

        await GoOn(accounts, ended ? 1 : null, boundary.Point);
        return ended ? accounts.Count : 0;
    }

    /// <summary>kill -9 at any moment of many rotations.</summary>
    public async Task Anywhere(IReadOnlyList<Account> accounts)
    {
        turn++;
        await using (var host = await bed.Start(30))
        {
            var calls = accounts.Select((a, i) => Unheard(RotationBed.Ask(host, a, Possible(a, (Act)((i + turn) % 3))))).ToList();
            await Task.Delay(RandomNumberGenerator.GetInt32((int)Takes.TotalMilliseconds));
            await host.Kill();
            await Task.WhenAll(calls);
        }

        await GoOn(accounts, exactly: null, "a kill");
    }

    private async Task GoOn(IReadOnlyList<Account> accounts, int? exactly, string after)
    {
        await using var next = await bed.Start(ShortLease); // takes over at once what the dead one had leased for longer
        var check = new AccountCheck(bed, next);
        await check.Check(accounts, exactly);
        Violations.AddRange(check.Violations.Select(v => $"after {after}: {v}"));
        if (check.Slowest > Slowest) Slowest = check.Slowest;
    }

    private static Act Possible(Account account, Act act) => act is Act.Rollback && account.Before == 0 ? Act.Rotate : act;

    /// <summary>The caller of a host that dies hears nothing.</summary>
    private static async Task Unheard(Task call)
    {
        try
        {
            await call;
        }
        catch (HttpRequestException)
        {
            // The host is gone.
        }
    }
}
