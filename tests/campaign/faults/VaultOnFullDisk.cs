using System.Collections.Concurrent;
using System.Net;
using Aegis.Tests.App;
using Aegis.Tests.Processes;
using Aegis.Tests.Processes.Faults;

namespace Aegis.Faults;

/// <summary>
/// Sets, rotates and reads values while the disk is full for some seconds. Afterwards the vault must have everything it acknowledged, and
/// must keep working.
/// </summary>
internal sealed class VaultOnFullDisk(HostProcess host)
{
    private const int Credentials = 8;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5), Full = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Expected = ["audit_unavailable", "database_unavailable", "storage_unavailable", "use_not_counted"];

    private readonly ConcurrentDictionary<string, int> acknowledged = new();
    private readonly ConcurrentDictionary<string, int> refused = new();
    private readonly ConcurrentBag<string> violations = [];
    private int answers;

    public static async Task<IReadOnlyCollection<string>> Run()
    {
        var folder = HostProcess.NewDataDirectory();
        FullDisk.Mount(folder);
        try
        {
            var settings = new Dictionary<string, string>(KillCampaign.Settings) { ["Vault__RotationLeaseSeconds"] = "5" };
            await using var host = await HostProcess.Start(folder, settings);
            try
            {
                return await new VaultOnFullDisk(host).Observe(folder);
            }
            catch (HttpRequestException e)
            {
                return [$"the host does not answer ({e.Message}): {host.Output}"];
            }
        }
        finally
        {
            FullDisk.Unmount(folder);
        }
    }

    private async Task<IReadOnlyCollection<string>> Observe(string folder)
    {
        for (var i = 0; i < Credentials; i++)
        {
            (await host.As("admin")
                .Post("/v1/credentials", new { name = $"c{i}", credential_type = "api_key", provider = "generated", value = "first" }))
                    .ShouldBe(HttpStatusCode.Created);
            acknowledged[$"c{i}"] = 1;
        }

        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, Credentials).Select(i => Use($"c{i}", over.Token)));
        await Task.Delay(Before);
        var before = answers;
        var disk = await FullDisk.Fill(folder);
        await Task.Delay(TimeSpan.FromSeconds(1)); // calls already running
        var early = answers;
        await Task.Delay(Full);
        var during = answers - early;
        await disk.DisposeAsync();
        var ended = TimeProvider.System.GetTimestamp();
        var whole = answers;
        while (answers < whole + Credentials && TimeProvider.System.GetElapsedTime(ended) < Patience) await Task.Delay(20);
        var first = TimeProvider.System.GetElapsedTime(ended);
        await Task.Delay(TimeSpan.FromSeconds(10)); // longer than the lease of an interrupted rotation
        await over.CancelAsync();
        await load;
        foreach (var name in acknowledged.Keys) await Check(name);
        Console.WriteLine(
            $"acknowledged calls before, during, after: {before}, {during}, {answers - whole}; refused with "
                + $"{string.Join(", ", refused.Select(r => $"{r.Value} {r.Key}"))}; "
            + $"as many answers as credentials {first.TotalSeconds:0.0} s after its end");
        if (refused.IsEmpty) violations.Add("nothing was refused");
        return violations;
    }

    private async Task Use(string name, CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var admin = host.As("admin");
            var answer = (i % 3) switch
            {
                0 => await admin.Put($"/v1/credentials/{name}/value", new { value = $"by hand {i}" }),
                1 => await admin.Post($"/v1/credentials/{name}/rotate", new { trigger = "manual" }),
                _ => await admin.Get($"/v1/credentials/{name}/value"),
            };
            if (answer.Status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref answers);
                var version =
                    int.Parse((i % 3 == 1 ? answer["new_version"] : answer["version"])!, System.Globalization.CultureInfo.InvariantCulture);
                if (version < acknowledged[name]) violations.Add($"{name}: version {version} after {acknowledged[name]} was acknowledged");
                acknowledged[name] = version;
            }
            else if (answer.Status is HttpStatusCode.Accepted || answer["code"] == "credential_rotating")
            {
                await Task.Delay(200, CancellationToken.None); // it was started and continues
            }
            else
            {
                refused.AddOrUpdate(answer["code"]!, 1, (_, n) => n + 1);
                if (answer.Status != HttpStatusCode.ServiceUnavailable || !Expected.Contains(answer["code"]))
                    violations.Add($"{name}: {answer.Text}");
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>Checks that nothing acknowledged is lost, nothing is still in progress, and each version has one audit entry.</summary>
    private async Task Check(string name)
    {
        var details = (await host.As("admin").Get($"/v1/credentials/{name}")).ShouldBe(HttpStatusCode.OK);
        var version = details.Json.GetProperty("version").GetInt32();
        if (version < acknowledged[name]) violations.Add($"{name}: {version} is in use, {acknowledged[name]} was acknowledged");
        var newest = (await host.As("admin")
            .Get($"/v1/credentials/{name}/rotations?limit=1")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")[0];
        if (newest.GetProperty("state").GetString() != "done")
            violations.Add($"{name}: the last rotation is {newest.GetProperty("state")}");
        if (await Entries(details.Id, "credential.rotated") + await Entries(details.Id, "credential.value_set") != version - 1)
            violations.Add($"{name}: not one audit entry for each of {version} versions");
        (await host.As("admin").Get($"/v1/credentials/{name}/value")).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<int> Entries(string id, string action)
    {
        var (count, cursor) = (0, "");
        while (true)
        {
            var page = (await host.As("admin").Get($"/v1/audit?object={id}&action={action}&limit=200{cursor}")).ShouldBe(HttpStatusCode.OK);
            count += page.Json.GetProperty("items").GetArrayLength();
            if (page["nextCursor"] is not { } next) return count;
            cursor = $"&cursor={Uri.EscapeDataString(next)}";
        }
    }
}
