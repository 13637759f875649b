using System.Diagnostics;
using System.Net;
using Aegis.Interop.Tests.Databases;
using Aegis.Interop.Tests.Rotation;
using Aegis.Tests.Processes;

namespace Aegis.Campaign.Rotation;

/// <summary>Two hosts and many credentials that are due in the same minute: each is rotated once.</summary>
internal static class DueAtOnce
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyCollection<string>> Run(PostgresServer server, int count)
    {
        await using var bed = new RotationBed(server);
        (string, string)[] settings =
            [("Auth__Issuer", "http://campaign.example/realms/aegis-system"), ("Jobs__Runner", "Hangfire"),
                ("Vault__RotationsPerProvider", "4")];
        await using var one = await bed.Start(30, settings);
        await using var other = await bed.Start(30, settings);
        var making = Stopwatch.StartNew();
        await bed.Make(one, Users.WithAdmin, count);
        var check = new AccountCheck(bed, other);
        var first = TimeProvider.System.GetUtcNow().AddMinutes(1) + 2 * making.Elapsed; // scheduling takes as long as registering
        await Parallel.ForEachAsync(bed.Accounts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (account, _) =>
            (await one.As("admin").Send(new HttpRequestMessage(HttpMethod.Patch, $"/v1/credentials/{account.Name}")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new Dictionary<string, object>
                {
                    ["rotation_enabled"] = true,
                    ["rotation_strategy"] = "scheduled",
                    ["rotation_cron"] = $"{first.Minute} {first.Hour} * * *",
                }),
            })).ShouldBe(HttpStatusCode.OK));
        Console.WriteLine($"{count} credentials fall due at {first:HH:mm}; it is {TimeProvider.System.GetUtcNow():HH:mm:ss}");
        var watch = new Stopwatch();
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience)
        {
            var left = await CountUnrotated(one, bed.Accounts);
            if (left < count && !watch.IsRunning) watch.Start();
            if (left == 0) break;
            await Task.Delay(500);
        }

        Console.WriteLine($"two hosts rotated {count} credentials in {watch.Elapsed.TotalSeconds:0} s from the first to the last");
        await check.Check(bed.Accounts, exactly: 1);
        var sets = (await server.Log()).Split('\n')
            .Count(l => l.Contains("ALTER ROLE", StringComparison.Ordinal)
                && bed.Accounts.Exists(a => l.Contains($"\"{a.Name}\"", StringComparison.Ordinal)));
        Console.WriteLine($"{sets} passwords were set");
        return sets == count ? check.Violations : [.. check.Violations, $"{sets} passwords were set for {count} credentials"];
    }

    /// <summary>The number of credentials that are still at their first version.</summary>
    private static async Task<int> CountUnrotated(HostProcess host, IReadOnlyList<Account> accounts)
    {
        var left = 0;
        await Parallel.ForEachAsync(accounts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (account, _) =>
        {
            if ((await host.As("admin").Get($"/v1/credentials/{account.Name}"))["version"] == "1") Interlocked.Increment(ref left);
        });
        return left;
    }
}
