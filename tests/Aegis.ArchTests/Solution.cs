using System.Reflection;
using Aegis.Kernel;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.ArchTests;

/// <summary>The files and assemblies that the rules look at.</summary>
internal static class Solution
{
    public static readonly string Folder = FindFolder();

    public static readonly Assembly Kernel = typeof(Aegis.Kernel.Persistence.ModuleDb).Assembly;
    public static readonly Assembly Contracts = typeof(Aegis.Contracts.Identity.Scopes).Assembly;
    public static readonly Assembly Dicom = typeof(Aegis.Dicom.DicomException).Assembly;
    public static readonly Assembly Auth = typeof(Aegis.Auth.AuthModule).Assembly;
    public static readonly Assembly Studies = typeof(Aegis.Studies.StudiesModule).Assembly;
    public static readonly Assembly Vault = typeof(Aegis.Vault.VaultModule).Assembly;
    public static readonly Assembly Webhooks = typeof(Aegis.Webhooks.WebhooksModule).Assembly;
    public static readonly Assembly Audit = typeof(Aegis.Audit.AuditModule).Assembly;
    public static readonly Assembly Host = typeof(Program).Assembly;

    public static readonly IReadOnlyList<Assembly> Modules = [Auth, Studies, Vault, Webhooks, Audit];

    /// <summary>Everything that Kernel and the modules register.</summary>
    public static IServiceCollection Services(DatabaseKind provider)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("PublicUrl", "http://localhost")]).Build();
        var connection = provider is DatabaseKind.Sqlite ? "Data Source=:memory:" : "Server=design;Database=aegis;Encrypt=false";
        var database = new DatabaseOptions(provider, connection, AppContext.BaseDirectory);
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.AddKernel(configuration, database, new KeyOptions("directory", "keys", "days"), Contracts);
        Aegis.Auth.AuthModule.AddAuth(services, configuration, database);
        Aegis.Studies.StudiesModule.AddStudies(services, configuration, database);
        Aegis.Vault.VaultModule.AddVault(services, configuration, database);
        Aegis.Webhooks.WebhooksModule.AddWebhooks(services, configuration, database);
        Aegis.Audit.AuditModule.AddAudit(services, configuration, database);
        return services;
    }

    /// <summary>Source files below a folder, generated ones apart.</summary>
    public static IEnumerable<string> SourceFiles(string below) =>
        Directory.EnumerateFiles(Path.Combine(Folder, below), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Segments(f).Any(s => s is "bin" or "obj" or "Migrations"));

    public static string Relative(string path) => Path.GetRelativePath(Folder, path).Replace('\\', '/');

    private static string[] Segments(string path) => Relative(path).Split('/');

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Aegis.sln is not above the test's folder.");
    }
}
