using System.Collections.Concurrent;
using System.Diagnostics;
using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Host.Fuzzing;

/// <summary>Sends malformed requests to every operation of a host in Production and counts what comes back.</summary>
public sealed class HttpFuzz
{
    private const int MaxShown = 20;

    private static readonly string[] Limits =
        ["PerKey", "Burst", "PerAddress", "PerTicket", "ApplicationsPerHour", "DeviceCodesPerMinute", "SignInsPerMinute"];

    private readonly ConcurrentDictionary<int, int> statuses = new();
    private readonly ConcurrentQueue<string> wrong = new();

    public int OperationCount { get; private set; }

    public TimeSpan Took { get; private set; }

    public (TimeSpan Took, string Request) Slowest { get; private set; }

    /// <summary>How often each status came; 0 is a connection closed without an answer.</summary>
    public IReadOnlyDictionary<int, int> Statuses => statuses;

    /// <summary>Answers of 500 and above, and none within half a minute, each with the number of its request.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    /// <summary>Log lines that strangers caused (the first third of the requests), and those that the admin's calls did.</summary>
    public (IReadOnlyList<string> Strangers, IReadOnlyList<string> Admin) LogLines { get; private set; }

    /// <param name="count">How many requests. The first third has no credential that works, the others the admin's key.</param>
    /// <param name="seed">The same seed makes the same requests.</param>
    /// <param name="first">Number of the first one.</param>
    /// <param name="atOnce">Connections at once.</param>
    public static async Task<HttpFuzz> Run(int count, ulong seed, int first = 0, int atOnce = 16)
    {
        await using var host = await ProductionHost.Start(
            [.. Limits.Select(limit => ($"RateLimits__{limit}", "1000000"))]);
        var description = (await host.Admin.Get("/swagger/v1/swagger.json")).ShouldBe(HttpStatusCode.OK).Text;
        var operations = new Operations(description);
        var fuzz = new HttpFuzz { OperationCount = operations.Described.Count };
        var forge = new RequestForge(operations, seed, await Objects(host));
        var address = new Uri(host.Process.BaseUrl);

        var begun = Stopwatch.GetTimestamp();
        var strangers = first + (count / 3);
        await fuzz.Send(address, forge, first, strangers, atOnce, credential: null);
        await Task.Delay(200); // the console writes behind
        var afterStrangers = host.LinesSinceStart();
        await fuzz.Send(address, forge, strangers, first + count, atOnce, host.AdminKey);
        fuzz.Took = Stopwatch.GetElapsedTime(begun);

        await Task.Delay(200);
        fuzz.LogLines = (afterStrangers, [.. host.LinesSinceStart().Skip(afterStrangers.Count)]);
        (await host.Admin.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK); // else the requests behind were nobody's
        return fuzz;
    }

    /// <summary>A few lines with the figures.</summary>
    public string Report()
    {
        var report = new StringBuilder()
            .Append($"{OperationCount} operations, {statuses.Values.Sum():N0} requests in {Took.TotalSeconds:F0} s, ")
            .AppendLine($"the slowest {Slowest.Took.TotalSeconds:F2} s ({Slowest.Request})")
            .AppendLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{Word(s.Key)}: {s.Value:N0}")))
            .AppendLine($"log lines: {LogLines.Strangers.Count} by strangers, {LogLines.Admin.Count} by the admin's calls");
        foreach (var line in wrong.Take(MaxShown)) report.AppendLine(line);
        foreach (var kind in LogLines.Strangers.Concat(LogLines.Admin).GroupBy(Kind))
            report.AppendLine($"{kind.Count()} x {kind.First()[..Math.Min(kind.First().Length, 1_500)]}");
        return report.ToString();
    }

    /// <summary>What comes before the message: event, level and category, without the time.</summary>
    private static string Kind(string line)
    {
        var head = line.Split("\"Message\"")[0];
        return head[(head.IndexOf(',', StringComparison.Ordinal) + 1)..];
    }

    private static string Word(int status) => status switch
    {
        RawCall.Closed => "closed",
        RawCall.Hung => "hung",
        var code => $"{code}",
    };

    private async Task Send(Uri address, RequestForge forge, int from, int to, int atOnce, string? credential)
    {
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = atOnce };
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from), bounded, async (number, _) =>
        {
            var (operation, request) = forge.Make(number, credential);
            var begun = Stopwatch.GetTimestamp();
            var (status, text) = await RawCall.Send(address, request);
            var took = Stopwatch.GetElapsedTime(begun);
            lock (wrong) if (took > Slowest.Took) Slowest = (took, $"number {number}, {operation}: {Word(status)}");
            statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
            if (status is RawCall.Hung or >= 500 and not (int)HttpStatusCode.HttpVersionNotSupported) // which is right where it comes
                wrong.Enqueue($"number {number}, {operation}: {Word(status)} {Tail(text)} <- {Head(request.Bytes)}");
        });
    }

    /// <summary>One real object of each kind that can be made without a partner, by the segment in front of its id.</summary>
    private static async Task<Dictionary<string, string>> Objects(ProductionHost host)
    {
        var admin = host.Admin;
        var credential = new { name = "fuzzed", credential_type = "api_key", provider = "env", value = "v" };
        (await admin.Post("/v1/credentials", credential)).ShouldBe(HttpStatusCode.Created);
        var key = new { name = "fuzzed", scopes = new[] { "org:read" }, expiry = "7d" };
        var keyId = (await admin.Post("/v1/auth/keys", key)).ShouldBe(HttpStatusCode.Created).Id;
        return new() { ["credentials"] = "fuzzed", ["keys"] = keyId, ["connections"] = "n8n" };
    }

    private static string Tail(string text) => text.Split("\r\n\r\n", 2) is [_, var body] ? body[..Math.Min(body.Length, 300)] : text;

    private static string Head(byte[] bytes) =>
        KeyText.Shape().Replace(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 500)), "(key)").ReplaceLineEndings("\\n");
}
