using System.Diagnostics;
using System.Globalization;
using Aegis.Campaign.Rotation;
using Aegis.Interop.Tests.Databases;
using Aegis.Interop.Tests.Rotation;

// Kills hosts in the middle of rotations of PostgreSQL users, and lets two hosts rotate due credentials. See docs/reliability.md.
// Usage: dotnet run -c Release --project tests/campaign/rotation -- [--runs 100] [--at-once 20] [--kills 50] [--due 500] [--from set.after]

var runs = Number("--runs", 100);
var kills = Number("--kills", 50);
var due = Number("--due", 500);
var atOnce = Number("--at-once", 20); // rotations that one kill interrupts at the boundary
var from = Array.IndexOf(args, "--from") is >= 0 and var at ? args[at + 1] : Boundary.All[0].Point;

await using var server = new PostgresServer();
await server.InitializeAsync();
var violations = new List<string>();
if (runs > 0 || kills > 0) await Killed();
if (due > 0) violations.AddRange(await DueAtOnce.Run(server, due));
foreach (var violation in violations) Console.WriteLine($"VIOLATION {violation}");
Console.WriteLine(violations.Count == 0 ? "held" : $"{violations.Count} violations");
return violations.Count == 0 ? 0 : 1;

async Task Killed()
{
    await using var bed = new RotationBed(server);
    var all = new Kills(bed);
    await using (var host = await bed.Start())
    {
        await bed.Make(host, Users.WithAdmin, (atOnce + 2) / 3);
        await bed.Make(host, Users.Alone, (atOnce + 1) / 3);
        await bed.Make(host, Users.Twins, atOnce);
        var once = Stopwatch.StartNew();
        await Task.WhenAll(bed.Accounts.Select(a => RotationBed.Ask(host, a, Act.Rotate)));
        all.Takes = once.Elapsed;
        var check = new AccountCheck(bed, host);
        await check.Check(bed.Accounts, 1);
        violations.AddRange(check.Violations);
    }

    var (mixed, twins) = (bed.Accounts.Take(atOnce).ToList(), bed.Accounts.Where(a => a.Users is Users.Twins).ToList());
    foreach (var boundary in Boundary.All.SkipWhile(b => b.Point != from).Where(_ => runs > 0))
    {
        var (watch, caught, times) = (Stopwatch.StartNew(), 0, 0);
        for (; caught < runs && times < 2 * (runs / atOnce + 1); times++)
            caught += await all.At(boundary, (boundary.OnlyTwins ? twins : mixed).Take(runs - caught).ToList());
        Console.WriteLine(
            $"{boundary.Point}: {times} kills, {caught} rotations interrupted at it, {all.Violations.Count} violations so far, "
                + $"{watch.Elapsed.TotalSeconds:0} s");
        if (caught < runs) violations.Add($"{boundary.Point}: only {caught} of {runs}");
    }

    for (var kill = 1; kill <= kills; kill++)
    {
        await all.Anywhere(bed.Accounts);
        if (kill % 10 == 0) Console.WriteLine($"{kill} random kills, {all.Violations.Count} violations so far");
    }

    violations.AddRange(all.Violations);
    Console.WriteLine(
        $"{bed.Accounts.Sum(a => a.Rotated)} rotations, {bed.Accounts.Sum(a => a.RolledBack)} rollbacks; done at most "
            + $"{all.Slowest.TotalSeconds:0.0} s after the next host was ready");
}

int Number(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var found ? int.Parse(args[found + 1], CultureInfo.InvariantCulture) : otherwise;
