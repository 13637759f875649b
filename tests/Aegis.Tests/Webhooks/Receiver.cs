namespace Aegis.Tests.Webhooks;

/// <summary>
/// A receiver that records requests and answers as the test specifies. Pings are answered with 204 unless the test handles them too.
/// </summary>
internal sealed class Receiver : IAsyncDisposable
{
    private StandIn standIn = null!; // set by Start

    public string Url => $"{standIn.Url}/hook";

    /// <summary>All requests except pings.</summary>
    public IReadOnlyList<Heard> Events => standIn.Heard.Where(h => TypeOf(h) != "webhook.ping").ToList();

    public IReadOnlyList<Heard> Pings => standIn.Heard.Where(h => TypeOf(h) == "webhook.ping").ToList();

    public static string TypeOf(Heard heard) => JsonElement.Parse(heard.Body).GetProperty("type").GetString()!;

    public static string ObjectOf(Heard heard) => JsonElement.Parse(heard.Body).GetProperty("data").GetProperty("id").GetString()!;

    public static Task<Receiver> Start(int status = 200) => Start(_ => status);

    public static async Task<Receiver> Start(Func<Heard, int> answer, bool pingsToo = false) => new()
    {
        standIn = await StandIn.Start(heard => (!pingsToo && TypeOf(heard) == "webhook.ping" ? 204 : answer(heard), "")),
    };

    public static async Task<Receiver> Start(Func<Microsoft.AspNetCore.Http.HttpContext, Heard, Task> answer) => new()
    {
        standIn = await StandIn.Start((context, heard) => TypeOf(heard) == "webhook.ping" ? Task.CompletedTask : answer(context, heard)),
    };

    public ValueTask DisposeAsync() => standIn.DisposeAsync();
}
