using Aegis.Kernel;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace Aegis.Vault;

/// <summary>What an installation may set about the vault; section <c>Vault</c> of the configuration.</summary>
internal sealed record VaultOptions
{
    /// <summary>
    /// Folder below which <c>env</c> credentials are written, one folder for each organization. Without it none is written.
    /// </summary>
    public string? EnvRoot { get; init; }

    /// <summary>How long a host has a rotation for itself; another one goes on with it when it is not heard of for so long.</summary>
    public double RotationLeaseSeconds { get; init; } = 30;

    /// <summary>Rotations that one host works on at the same time, for each organization's provider.</summary>
    public int RotationsPerProvider { get; init; } = 4;

    /// <summary>How long a call to rotate waits for the end before it answers 202.</summary>
    public double RotationWaitSeconds { get; init; } = 30;

    /// <summary>For how many days a retired credential can be restored; then its sealed values are destroyed.</summary>
    public int RestoreDays { get; init; } = 30;

    public TimeSpan RestoreTime => TimeSpan.FromDays(RestoreDays);

    public RowLease RotationLease => new(TimeSpan.FromSeconds(RotationLeaseSeconds));

    public TimeSpan RotationWait => TimeSpan.FromSeconds(RotationWaitSeconds);

    /// <summary>How long a provider may take for one step: the lease must not run out meanwhile.</summary>
    public TimeSpan ProviderPatience => RotationLease.Length * 0.8;

    /// <param name="configuration">Holds the section.</param>
    /// <param name="dataDirectory">Where Aegis keeps its own files: nothing that customers name is written there.</param>
    /// <exception cref="StartRefusedException">A value makes no sense; the message names its key.</exception>
    public static VaultOptions From(IConfiguration configuration, string dataDirectory)
    {
        var options = configuration.GetSection("Vault").Get<VaultOptions>() ?? new VaultOptions();
        if (options.EnvRoot is { Length: > 0 } root) RequireEnvRoot(root, dataDirectory);
        Require(options.RotationLeaseSeconds is >= 1 and <= 600, "Vault:RotationLeaseSeconds must be between 1 and 600.");
        Require(options.RotationsPerProvider is >= 1 and <= 100, "Vault:RotationsPerProvider must be between 1 and 100.");
        Require(options.RotationWaitSeconds is >= 0 and <= 120, "Vault:RotationWaitSeconds must be between 0 and 120.");
        Require(options.RestoreDays is >= 1 and <= 3650, "Vault:RestoreDays must be between 1 and 3650.");
        return options;
    }

    private static void RequireEnvRoot(string root, string dataDirectory)
    {
        Require(OperatingSystem.IsLinux(), "Vault:EnvRoot works on Linux only: elsewhere symbolic links cannot be kept out.");
        Require(Path.IsPathFullyQualified(root), "Vault:EnvRoot must be an absolute path.");
        Require(Directory.Exists(root), "Vault:EnvRoot must name a folder that exists.");
        var (env, data) = (Resolved(root), Resolved(dataDirectory));
        Require(!env.StartsWith(data, StringComparison.Ordinal) && !data.StartsWith(env, StringComparison.Ordinal),
            "Vault:EnvRoot must lie outside of DataDirectory, and not around it.");
    }

    /// <summary>Where a path leads to when every link in it is followed, with a slash at its end.</summary>
    private static string Resolved(string path)
    {
        var resolved = "/";
        foreach (var name in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, name);
            resolved = Directory.Exists(next) ? Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next : next;
        }

        return resolved.TrimEnd('/') + "/";
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new StartRefusedException(message);
    }
}
