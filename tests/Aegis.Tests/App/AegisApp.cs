using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Jobs;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.App;

/// <summary>
/// The real host on Kestrel with a real database (<see cref="TestDatabase"/>), sandbox data and a clock that can be moved.
/// A test calls it with an <see cref="ApiClient"/> and checks the <see cref="ApiResponse"/>. <see cref="CapturedLogs"/> keeps its log
/// lines, and <see cref="Happenings"/> reads its audit entries. <see cref="StrictQueries"/> fails queries without an order. <see
/// cref="Meanwhile"/> runs code just before a save or read. With <c>AEGIS_TEST_SQLSERVER</c> set, <see cref="TestServer"/> provides the
/// database, and <see cref="TdsProxy"/> can break its connections.
/// </summary>
public sealed class AegisApp : IAsyncLifetime
{
    private readonly Dictionary<string, string?> settings = new()
    {
        ["Jobs:Runner"] = "None", // tests run jobs with Run<TJob>
        ["Logging:LogLevel:Default"] = "Information", // more than in production, so that tests can find leaks
        ["Logging:LogLevel:Microsoft"] = "Information",
        ["RateLimits:PerKey"] = "1000000",
        ["RateLimits:Burst"] = "1000000",
        ["RateLimits:PerAddress"] = "1000000",
        ["RateLimits:PerTicket"] = "1000000",
        ["RateLimits:ApplicationsPerHour"] = "1000000",
        ["RateLimits:SignInsPerMinute"] = "1000000",
        ["Auth:MaxFailuresPerAddress"] = "1000000",
    };

    private Action<IServiceCollection> register = _ => { };
    private Factory? factory;
    private JsonElement sandbox;
    private bool isGuest; // another app owns the files and the database

    public TestClock Clock { get; private set; } = new();

    public string DataDirectory { get; private set; } =
        Path.Combine(AppContext.BaseDirectory, "apps", Aegis.Kernel.Identifiers.Ids.New("app", TimeProvider.System.GetUtcNow()));

    public TestDatabase Database { get; private set; } = null!; // set at the start

    public CapturedLogs Logs { get; } = new();

    public Uri BaseAddress { get; private set; } = new("http://localhost");

    public IServiceProvider Services => factory!.Services;

    /// <summary>Sends calls without a credential.</summary>
    public ApiClient Anonymous => new(NewHttp());

    /// <summary>Starts an app with other settings.</summary>
    public static async Task<AegisApp> Start(params (string Key, string? Value)[] settings)
    {
        var app = new AegisApp();
        foreach (var (key, value) in settings) app.settings[key] = value;
        await app.InitializeAsync();
        return app;
    }

    /// <summary>
    /// Starts an app that reaches its database with another connection string than the tests. The database is dropped with the app.
    /// </summary>
    public static async Task<AegisApp> StartOn(TestDatabase database, string connectionString)
    {
        var app = new AegisApp { Database = database };
        app.settings["ConnectionStrings:Aegis"] = connectionString;
        await app.InitializeAsync();
        return app;
    }

    /// <summary>Starts an app with more services, for example a handler that fails.</summary>
    public static async Task<AegisApp> StartWith(Action<IServiceCollection> register, params (string Key, string? Value)[] settings)
    {
        var app = new AegisApp { register = register };
        foreach (var (key, value) in settings) app.settings[key] = value;
        await app.InitializeAsync();
        return app;
    }

    /// <summary>Starts an app with existing data, at the time of that data.</summary>
    public static async Task<AegisApp> StartOnData(Action<string> unpack, DateTimeOffset at, params (string Key, string? Value)[] settings)
    {
        var app = new AegisApp();
        unpack(app.DataDirectory);
        app.Clock.Advance(at - app.Clock.GetUtcNow());
        foreach (var (key, value) in settings) app.settings[key] = value;
        await app.InitializeAsync();
        return app;
    }

    /// <summary>Starts another host with the same files and clock.</summary>
    public async Task<AegisApp> StartAnotherHost(params (string Key, string? Value)[] changed)
    {
        var other = new AegisApp { DataDirectory = DataDirectory, Clock = Clock, Database = Database, isGuest = true, register = register };
        foreach (var (key, value) in settings) other.settings[key] = value;
        // all hosts of an installation have the same issuer
        other.settings["Auth:Issuer"] = $"{Services.GetRequiredService<IPublicUrl>().Value}/realms/aegis-system";
        foreach (var (key, value) in changed) other.settings[key] = value;
        await other.InitializeAsync();
        return other;
    }

    public async Task InitializeAsync()
    {
        settings["DataDirectory"] = DataDirectory;
        Database ??= await TestDatabase.Create(DataDirectory);
        foreach (var (key, value) in Database.Settings) settings.TryAdd(key, value);
        factory = new Factory(this);
        factory.UseKestrel(0);
        factory.StartServer();
        BaseAddress = factory.ClientOptions.BaseAddress;
        var file = Path.Combine(DataDirectory, "sandbox.json");
        if (File.Exists(file)) sandbox = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
    }

    /// <summary>Sends calls with a sandbox key: provider, consumer, outsider, operator or admin.</summary>
    public ApiClient As(string role) => new(NewHttp(), Key(role));

    /// <summary>The sandbox key of a role.</summary>
    public string Key(string role) => sandbox.GetProperty("keys").GetProperty(role).GetString()!;

    /// <summary>Returns e-mail address and password of an organization's sandbox user.</summary>
    public (string Email, string Password) Person(string organization)
    {
        var user = sandbox.GetProperty("users").EnumerateArray().Single(u => u.GetProperty("organization").GetString() == organization);
        return (user.GetProperty("email").GetString()!, user.GetProperty("password").GetString()!);
    }

    /// <summary>Returns the absolute folder of a sandbox study; 0 is DOE^JANE's.</summary>
    public string StudyFolder(int index = 0) => Path.Combine(DataDirectory, sandbox.GetProperty("studies")[index].GetString()!);

    /// <summary>Runs a recurring job once, now.</summary>
    public async Task Run<TJob>()
        where TJob : class, IRecurringJob
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().Run(CancellationToken.None);
    }

    public HttpClient NewHttp() => new() { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(100) };

    public async Task DisposeAsync()
    {
        if (factory is not null) await factory.DisposeAsync();
        if (isGuest || Database is null) return;
        await Database.DisposeAsync();
        await DeleteFiles();
    }

    /// <summary>A host that has just stopped may still write its last file into the folder.</summary>
    private async Task DeleteFiles()
    {
        for (var attempt = 1; Directory.Exists(DataDirectory); attempt++)
        {
            try
            {
                Directory.Delete(DataDirectory, recursive: true);
            }
            catch (IOException) when (attempt < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private sealed class Factory(AegisApp app) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in app.settings) builder.UseSetting(key, value);
            builder.ConfigureServices(services =>
                app.register(services.AddStrictQueries().Replace(ServiceDescriptor.Singleton<TimeProvider>(app.Clock))));
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(app.Logs));
        }
    }
}
