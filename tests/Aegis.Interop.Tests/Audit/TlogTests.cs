using Aegis.Kernel.Auditing;

namespace Aegis.Interop.Tests.Audit;

/// <summary>Go's checksum database code reads our log over HTTP and verifies it.</summary>
public sealed class TlogTests : IAsyncLifetime
{
    private const int Entries = 100_000;
    private const int Batch = 500; // on a slow disk, writes that wait longer than ten seconds are refused

    private readonly string folder = Directory.CreateTempSubdirectory("aegis-tlog-").FullName;
    private readonly AegisApp app = new();

    public Task InitializeAsync() => app.InitializeAsync();

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [InteropFact("x-mod")]
    public async Task Go_checks_checkpoint_inclusion_and_consistency_over_100000_entries()
    {
        var last = await Grow(1_000);
        await File.WriteAllTextAsync(Path.Combine(folder, "old.note"), await Signed(last));
        last = await Grow(Entries);
        await File.WriteAllTextAsync(Path.Combine(folder, "proof.json"), await Proof(last));
        await SaveKeys();

        var lines = (await Check("old", "old.note", "proof", "proof.json")).ShouldSucceed().Output.Trim().Split('\n');

        lines.Should().HaveCount(5);
        int.Parse(lines[0].Split(' ')[1]).Should().BeGreaterThan(Entries);
        lines[1].Should().Be(lines[0].Replace("checkpoint", "entries"));
        lines[2].Should().Be("inclusion 200");
        int.Parse(lines[3]["consistency ".Length..]).Should().BeInRange(1_000, 2_000);
        lines[4].Should().StartWith("proof ");
    }

    [InteropFact("x-mod")]
    public async Task Go_detects_changes_of_the_log()
    {
        var last = await Grow(3_000);
        await File.WriteAllTextAsync(Path.Combine(folder, "proof.json"), await Proof(last));
        await SaveKeys();
        (await Check("proof", "proof.json")).ShouldSucceed();

        await Fails("UPDATE audit_entries SET Body = (SELECT Body FROM audit_entries WHERE Sequence = 5) WHERE Sequence = 1500",
            "entry 1500 is not the one in the tree");
        await Fails("DELETE FROM audit_entries WHERE Sequence = 1500", "404");
        await Fails(
            "UPDATE audit_tiles SET Hashes = (SELECT Hashes FROM audit_tiles WHERE Level = 0 AND Number = 3) WHERE Level = 0 AND Number = 4", "tile", "tree", "proof");
        await Fails(
            "UPDATE audit_tiles SET Hashes = (SELECT Hashes FROM audit_tiles WHERE Level = 0 AND Number = 3) WHERE Level = 1 AND Number = 0", "tile", "tree", "proof");
        await Fails("UPDATE audit_head SET Checkpoint = replace(Checkpoint, '\n', '\n1')", "note");

        var forged = (await File.ReadAllTextAsync(Path.Combine(folder, "proof.json"))).Replace(
            "\"leafIndex\":", "\"leafIndex\":1", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "forged.json"), forged);
        (await Check("proof", "forged.json")).ExitCode.Should().NotBe(0);
    }

    /// <summary>Changes the database, expects an error, and restores the database.</summary>
    private async Task Fails(string sql, params string[] errors)
    {
        await app.Database.Run("DROP TABLE IF EXISTS kept_entries; DROP TABLE IF EXISTS kept_tiles; DROP TABLE IF EXISTS kept_head");
        await app.Database.Run(
            "CREATE TABLE kept_entries AS SELECT * FROM audit_entries WHERE Sequence = 1500; CREATE TABLE kept_tiles AS SELECT * FROM "
                + "audit_tiles; CREATE TABLE kept_head AS SELECT * FROM audit_head");
        await app.Database.Run(sql);

        var run = await Check();

        run.ExitCode.Should().NotBe(0, "after {0}", sql);
        run.Errors.Should().ContainAny(errors);
        await app.Database.Run(
            "INSERT OR REPLACE INTO audit_entries SELECT * FROM kept_entries; INSERT OR REPLACE INTO audit_tiles SELECT * FROM kept_tiles; "
                + "UPDATE audit_head SET Checkpoint = (SELECT Checkpoint FROM kept_head)");
    }

    private Task<ToolRun> Check(params string[] more) =>
        Tool.RunGo(folder, "checklog.go", [app.BaseAddress.ToString().TrimEnd('/'), app.Key("outsider"), "keys.txt", .. more]);

    /// <summary>Adds entries of the consumer and returns the id of the last one.</summary>
    private async Task<string> Grow(int count)
    {
        var trail = app.Services.GetRequiredService<IAuditTrail>();
        var id = "";
        for (var done = 0; done < count; done += Batch)
        {
            var facts = Enumerable.Range(0, Math.Min(Batch, count - done)).Select(Fact).ToList();
            await Task.WhenAll(facts.Select(f => trail.Write(f, default)));
            id = facts[^1].Id;
        }

        return id;
    }

    private AuditFact Fact(int number)
    {
        var now = app.Clock.GetUtcNow();
        return new AuditFact(
            Ids.New("log", now), now, AuditFact.Call, "GET /v1/requests/{id}", $"req_{number}", AuditFact.Success, null, ["cons_456"],
            new AuditActor("cons_456", "key_one", "Reading room", "key_one", "192.0.2.7", "r-1"),
            new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(200) });
    }

    private async Task<string> Signed(string id) => JsonDocument.Parse(await Proof(id)).RootElement.GetProperty("checkpoint").GetString()!;

    /// <summary>Returns the proof of an entry as soon as it is available.</summary>
    private async Task<string> Proof(string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await app.As("consumer").Get($"/v1/audit/{id}/proof");
            if (answer.Status == System.Net.HttpStatusCode.OK || attempt > 60) return answer.ShouldBe(System.Net.HttpStatusCode.OK).Text;
        }
    }

    private async Task SaveKeys()
    {
        var keys = (await app.Anonymous.Get("/.well-known/aegis-evidence-keys")).Json.GetProperty("keys").EnumerateArray()
            .Select(k => k.GetProperty("verifierKey").GetString());
        await File.WriteAllLinesAsync(Path.Combine(folder, "keys.txt"), keys!);
    }
}
