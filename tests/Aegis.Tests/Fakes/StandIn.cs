using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Fakes;

/// <summary>A request that a fake received.</summary>
/// <param name="Line">Method and target as sent.</param>
/// <param name="Headers">Headers by lower-case name.</param>
/// <param name="Body">The body as text.</param>
internal sealed record Heard(string Line, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// A fake external service on a loopback port. It answers as the test says and records its requests.
/// <see cref="N8nStandIn"/>, <see cref="SupabaseStandIn"/> and <see cref="IdentityProvider"/> use it for one product each. <see
/// cref="SmtpMailbox"/> and <see cref="Peer"/> are fakes on bare sockets. <see cref="Bench"/> runs a vault provider without a host. <see
/// cref="TestClock"/> is the clock of all tests.
/// </summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Heard> heard = [];

    private StandIn(WebApplication app) => this.app = app;

    public string Url { get; private set; } = "";

    public IReadOnlyList<Heard> Heard => [.. heard];

    /// <summary>Starts a fake that answers with a status and a text.</summary>
    public static Task<StandIn> Start(Func<Heard, (int Status, string Body)> answer) => Start(async (context, asked) =>
    {
        var (status, body) = answer(asked);
        context.Response.StatusCode = status;
        if (body.Length > 0) context.Response.ContentType = "application/json";
        if (body.Length > 0) await context.Response.WriteAsync(body);
    });

    public static async Task<StandIn> Start(Func<HttpContext, Heard, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var standIn = new StandIn(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            var asked = new Heard($"{context.Request.Method} {target}",
                    context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
                    await reader.ReadToEndAsync());
            standIn.heard.Enqueue(asked);
            await answer(context, asked);
        });
        await app.StartAsync();
        standIn.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true)); // open responses are cut off
        await app.DisposeAsync();
    }
}
