using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Fakes;

/// <summary>What a stand-in heard.</summary>
/// <param name="Line">Method and target as they were sent.</param>
/// <param name="Headers">Headers by lower-case name.</param>
/// <param name="Body">Its text.</param>
internal sealed record Heard(string Line, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A service of the outside world on a port of loopback: it answers as the test says and remembers what it was asked.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Heard> heard = [];

    private StandIn(WebApplication app) => this.app = app;

    public string Url { get; private set; } = "";

    public IReadOnlyList<Heard> Heard => [.. heard];

    /// <summary>Starts one whose answer is a status and a text.</summary>
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
        await app.StopAsync(new CancellationToken(canceled: true)); // whoever is still answered is cut off
        await app.DisposeAsync();
    }
}
