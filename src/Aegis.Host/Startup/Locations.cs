using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Aegis.Host.Startup;

/// <summary>Where files lie and where the host listens when nothing else is configured.</summary>
internal static class Locations
{
    private const string DefaultUrl = "http://localhost:8012";
    private const string DefaultDataDirectory = "data";

    /// <summary>
    /// Settings count from the start to the end of a host. Watching their folder costs a twentieth of its processor time when the database
    /// lies below it.
    /// </summary>
    public const string SettingsAreReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Absolute <c>DataDirectory</c>; a relative one counts from the folder of Aegis.sln, else from the content root.</summary>
    public static string DataDirectory(IConfiguration configuration, IHostEnvironment environment)
    {
        var configured = configuration["DataDirectory"];
        var path = string.IsNullOrWhiteSpace(configured) ? DefaultDataDirectory : configured;
        return Path.IsPathRooted(path)
            ? Path.GetFullPath(path)
            : Path.GetFullPath(Path.Combine(SolutionFolder(environment) ?? environment.ContentRootPath, path));
    }

    /// <summary>Reads the settings that ship with the program wherever it is started from; every other source wins over them.</summary>
    public static void UseShippedSettings(this WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Path = "appsettings.json",
            Optional = true,
        });

    /// <summary>Listens on both loopback families at the default port unless an address is configured anywhere.</summary>
    public static void UseDefaultUrl(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        string[] keys = [WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey];
        if (keys.All(k => string.IsNullOrEmpty(configuration[k])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultUrl);
    }

    private static string? SolutionFolder(IHostEnvironment environment)
    {
        for (var folder = new DirectoryInfo(environment.ContentRootPath); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) return folder.FullName;
        }

        return null;
    }
}
