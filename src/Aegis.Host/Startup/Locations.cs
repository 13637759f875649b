namespace Aegis.Host.Startup;

/// <summary>Where files lie and where the host listens when nothing else is configured.</summary>
internal static class Locations
{
    private const string DefaultUrl = "http://localhost:8012";
    private const string DefaultDataDirectory = "data";

    /// <summary>Absolute <c>DataDirectory</c>; a relative one counts from the folder of Aegis.sln, else from the content root.</summary>
    public static string DataDirectory(IConfiguration configuration, IHostEnvironment environment)
    {
        var configured = configuration["DataDirectory"];
        var path = string.IsNullOrWhiteSpace(configured) ? DefaultDataDirectory : configured;
        return Path.IsPathRooted(path) ? Path.GetFullPath(path) : Path.GetFullPath(Path.Combine(SolutionFolder(environment) ?? environment.ContentRootPath, path));
    }

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
