using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Benchmarks.Ceilings;

/// <summary>
/// The minimum that the same framework needs for the same work, without audit, rights and limits: a token, a row read, rows written, an
/// upload, a file sent. It runs as a separate process: this program with a switch. <see cref="RawGroupCommit"/> is the only ceiling that
/// runs inside the benchmark's process.
/// </summary>
internal static class CeilingApp
{
    public const string Switch = "--ceiling";

    private const string Database = "CEILING_DATABASE";

    /// <summary>Starts it with a folder of files to serve and, if given, a SQLite file to read.</summary>
    public static Task<Server> Start(string folder, string? database = null)
    {
        var port = Server.FreePort();
        File.WriteAllText(Path.Combine(folder, "ready"), "");
        var start = new ProcessStartInfo("dotnet", [typeof(CeilingApp).Assembly.Location, Switch, folder])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                [Database] = database ?? "",
            },
        };
        return Server.Start(start, port, "/files/ready");
    }

    public static async Task<int> Run(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(builder.Configuration["URLS"]!);
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddControllers().AddApplicationPart(typeof(CeilingApp).Assembly);
        builder.Services.AddSingleton<TokenSigner>();
        builder.Services.AddDbContextPool<CeilingDb>(o => o.UseSqlite($"Data Source={builder.Configuration[Database]}"));
        builder.Services.AddSingleton<BareGate>();
        builder.Services.AddDbContextPool<WriteDb>(o => o.UseSqlite($"Data Source={Path.Combine(folder, "written.db")}"));

        var app = builder.Build();
        await WriteDb.Create(app.Services);
        app.MapControllers();
        app.MapGet("/files/{name}",
            (string name, HttpContext context) => context.Response.SendFileAsync(Path.Combine(folder, Path.GetFileName(name))));
        app.MapPost("/take", (HttpContext context) =>
            BareUpload.Receive(context.Request.Body, Path.Combine(folder, "taken"), context.RequestAborted));
        await app.RunAsync();
        return 0;
    }
}
