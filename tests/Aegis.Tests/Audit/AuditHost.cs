using System.Security.Claims;
using Aegis.Audit;
using Aegis.Audit.Checkpoints;
using Aegis.Audit.Sequencing;
using Aegis.Host.Edge;
using Aegis.Kernel;
using Aegis.Kernel.Auditing;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Refusals;
using Aegis.Audit.Notes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Audit;

/// <summary>
/// The edge with the audit module and endpoints that misbehave on demand. The header <c>X-Caller</c> sets the caller: organization and
/// name. Tests of calls, lists and exports use it. <see cref="AuditBed"/> is the module without a host, for the sequencer, the tree and
/// verification, and <see cref="SteppedTime"/> is its clock.
/// </summary>
internal sealed class AuditHost : IAsyncDisposable
{
    /// <summary>The organization whose keys have no scope.</summary>
    public const string NoScope = "cons_noscope";

    private readonly DirectoryInfo folder;
    private readonly TestDatabase database;
    private readonly WebApplication app;

    private AuditHost(DirectoryInfo folder, TestDatabase database)
    {
        (this.folder, this.database) = (folder, database);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        AuditBed.Register(builder.Services, database.Options);
        builder.Services.AddModuleControllers(typeof(AuditModule).Assembly);
        builder.Services.AddCallAudit();
        // a stored key would add an entry to the log
        builder.Services.AddSingleton<CheckpointSigner>(_ => Task.FromResult<NoteSigner?>(AuditBed.Signer));
        builder.Services.AddExceptionHandler<Failures>().AddProblemDetails().AddAuthorization();
        app = builder.Build();

        app.UseRouting();
        app.UseCallAudit();
        app.UseExceptionHandler();
        app.Use(Recognize);
        app.UseAuthorization();
        app.MapControllers();
        app.MapGet("/v1/things/{id}", (string id) => id == "thg_gone" ? throw Refuse.NotFound("thing") : Results.Json(new { id }))
            .WithMetadata(new RequireScopeAttribute(RequireScopeAttribute.Any));
        app.MapPost("/v1/things", (HttpContext context) =>
        {
            context.SetAuditedObject("thg_new");
            return Results.Json(new { id = "thg_new" }, statusCode: 201);
        });
        app.MapGet("/v1/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("half an answer");
            throw new InvalidOperationException("broken");
        });
        app.MapGet("/v1/content/{ticket}", Stream).WithMetadata(new StreamsContentAttribute());
        app.MapGet("/livez", () => "ok");
    }

    public IServiceProvider Services => app.Services;

    /// <summary>Continues a stream that waits after its first bytes.</summary>
    public TaskCompletionSource GoOn { get; } = new();

    public ApiClient Anonymous => new(new HttpClient { BaseAddress = new Uri(app.Urls.First()) });

    public static async Task<AuditHost> Start()
    {
        var folder = Directory.CreateTempSubdirectory("aegis-audit-host-");
        var host = new AuditHost(folder, await TestDatabase.Create(folder.FullName));
        await AuditBed.CreateTables(host.Services);
        await host.app.StartAsync();
        return host;
    }

    public ApiClient As(string organization, string name = "Reading room") => Anonymous.With("X-Caller", $"{organization} {name}");

    /// <summary>Renames the table of pending entries, so that nothing can be written.</summary>
    public Task HidePending() => database.HidePending();

    public Task ShowPending() => database.ShowPending();

    /// <summary>Stops the sequencer. Entries are still stored, but no longer sequenced.</summary>
    public Task Pause() => Services.GetRequiredService<Sequencer>().StopAsync(default);

    /// <summary>Waits until every stored entry is sequenced, however slow the database is.</summary>
    public async Task UntilSequenced()
    {
        for (var i = 0; i < 1_500 && (await database.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}"))[0] != "0"; i++)
            await Task.Delay(20);
    }

    /// <summary>The whole database as text.</summary>
    public Task<string> Bytes() => database.Bytes();

    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static Task Recognize(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-Caller"].ToString().Split(' ', 2) is [{ Length: > 0 } organization, var name])
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity("test"));
            HashSet<string> scopes = organization == NoScope ? [] : ["audit:read"];
            context.SetCaller(new Caller(organization, "key_" + organization, name, "key_" + organization, null, null, scopes, null, null));
        }

        return next(context);
    }

    private async Task Stream(HttpContext context, string ticket)
    {
        if (ticket == "bad") throw Refuse.Forbidden("ticket_expired", "Open again.");
        await context.Response.WriteAsync("first");
        await context.Response.Body.FlushAsync();
        await GoOn.Task;
        await context.Response.WriteAsync(" last");
    }
}
