using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Aegis.Host.Startup;

/// <summary>Default locations of files and the default address of the host.</summary>
internal static class Locations
{
    private const string DefaultUrl = "http://localhost:8012";
    private const string DefaultDataDirectory = "data";

    /// <summary>
    /// Settings are read once at the start. Watching their folder would cost 5 % of the host's processor time when the database is below
    /// it.
    /// </summary>
    public const string SettingsAreReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>
    /// Returns the absolute <c>DataDirectory</c>. A relative one starts at the folder of Aegis.sln, or else at the content root.
    /// </summary>
    public static string DataDirectory(IConfiguration configuration, IHostEnvironment environment)
    {
        var configured = configuration["DataDirectory"];
        var path = string.IsNullOrWhiteSpace(configured) ? DefaultDataDirectory : configured;
        return Path.IsPathRooted(path)
            ? Path.GetFullPath(path)
            : Path.GetFullPath(Path.Combine(SolutionFolder(environment) ?? environment.ContentRootPath, path));
    }

    /// <summary>Reads the settings that ship with the program, whatever the current folder is. Every other source overrides them.</summary>
    public static void UseShippedSettings(this WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Path = "appsettings.json",
            Optional = true,
        });

    /// <summary>Listens on IPv4 and IPv6 loopback at the default port, unless an address is configured.</summary>
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
