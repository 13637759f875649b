using System.Collections.Concurrent;
using System.Diagnostics;
using Aegis.Auth.Access.Keys;

namespace Aegis.Tests.Host.Fuzzing;

/// <summary>
/// Sends malformed requests to every operation of a host in Production and counts the responses.
/// <see cref="Operations"/> reads the operations from the API description. <see cref="RequestForge"/> builds a request from them and from
/// the values of <see cref="OddWords"/> and <see cref="OddBodies"/>; <see cref="Framing"/> writes it as bytes, and <see cref="RawCall"/>
/// sends them. The same seed gives the same requests. A status of 500 or above, or no response, counts as wrong.
/// </summary>
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

    /// <summary>The number of responses per status; 0 is a connection closed without a response.</summary>
    public IReadOnlyDictionary<int, int> Statuses => statuses;

    /// <summary>Responses with 500 or above and requests without a response in half a minute, each with its number.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    /// <summary>
    /// The log lines caused by callers without a credential (the first third of the requests), and those caused by the admin's calls.
    /// </summary>
    public (IReadOnlyList<string> Strangers, IReadOnlyList<string> Admin) LogLines { get; private set; }

    /// <param name="count">The number of requests. The first third has no valid credential, the others have the admin's key.</param>
    /// <param name="seed">The same seed gives the same requests.</param>
    /// <param name="first">Number of the first request.</param>
    /// <param name="atOnce">Number of concurrent connections.</param>
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
        await Task.Delay(200); // the console writes asynchronously
        var afterStrangers = host.LinesSinceStart();
        await fuzz.Send(address, forge, strangers, first + count, atOnce, host.AdminKey);
        fuzz.Took = Stopwatch.GetElapsedTime(begun);

        await Task.Delay(200);
        fuzz.LogLines = (afterStrangers, [.. host.LinesSinceStart().Skip(afterStrangers.Count)]);
        (await host.Admin.Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK); // otherwise the later requests had no valid credential
        return fuzz;
    }

    /// <summary>Returns a few lines with the figures.</summary>
    public string Report()
    {
        var report = new StringBuilder()
            .Append($"{OperationCount} operations, {statuses.Values.Sum():N0} requests in {Took.TotalSeconds:F0} s, ")
            .AppendLine($"the slowest {Slowest.Took.TotalSeconds:F2} s ({Slowest.Request})")
            .AppendLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{NameOf(s.Key)}: {s.Value:N0}")))
            .AppendLine($"log lines: {LogLines.Strangers.Count} by strangers, {LogLines.Admin.Count} by the admin's calls");
        foreach (var line in wrong.Take(MaxShown)) report.AppendLine(line);
        foreach (var kind in LogLines.Strangers.Concat(LogLines.Admin).GroupBy(Kind))
            report.AppendLine($"{kind.Count()} x {kind.First()[..Math.Min(kind.First().Length, 1_500)]}");
        return report.ToString();
    }

    /// <summary>Returns the part before the message: event, level and category, without the time.</summary>
    private static string Kind(string line)
    {
        var head = line.Split("\"Message\"")[0];
        return head[(head.IndexOf(',', StringComparison.Ordinal) + 1)..];
    }

    private static string NameOf(int status) => status switch
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
            lock (wrong) if (took > Slowest.Took) Slowest = (took, $"number {number}, {operation}: {NameOf(status)}");
            statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
            if (status is RawCall.Hung or >= 500 and not (int)HttpStatusCode.HttpVersionNotSupported) // which is correct for its requests
                wrong.Enqueue($"number {number}, {operation}: {NameOf(status)} {Tail(text)} <- {Head(request.Bytes)}");
        });
    }

    /// <summary>Makes one real object of each kind that needs no partner, by the path segment before its id.</summary>
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
