using Aegis.Kernel;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace Aegis.Vault;

/// <summary>The options of the vault; section <c>Vault</c> of the configuration.</summary>
internal sealed record VaultOptions
{
    /// <summary>
    /// Root folder for <c>env</c> credentials, with one subfolder for each organization. Without it, no files are written.
    /// </summary>
    public string? EnvRoot { get; init; }

    /// <summary>The lease of a host on a rotation; another host continues the rotation when the lease ends.</summary>
    public double RotationLeaseSeconds { get; init; } = 30;

    /// <summary>How many rotations one host works on at the same time, for each organization and provider.</summary>
    public int RotationsPerProvider { get; init; } = 4;

    /// <summary>How long a call to rotate waits for the result before it answers 202.</summary>
    public double RotationWaitSeconds { get; init; } = 30;

    /// <summary>How many days a retired credential can be restored; then its sealed values are destroyed.</summary>
    public int RestoreDays { get; init; } = 30;

    public TimeSpan RestoreTime => TimeSpan.FromDays(RestoreDays);

    public RowLease RotationLease => new(TimeSpan.FromSeconds(RotationLeaseSeconds));

    public TimeSpan RotationWait => TimeSpan.FromSeconds(RotationWaitSeconds);

    /// <summary>How long a provider may take for one step. It is shorter than the lease, which must not end during the step.</summary>
    public TimeSpan ProviderPatience => RotationLease.Length * 0.8;

    /// <param name="configuration">The configuration with the section.</param>
    /// <param name="dataDirectory">The folder of Aegis's own files. Nothing that customers name may be written there.</param>
    /// <exception cref="StartRefusedException">A value is invalid; the message names its key.</exception>
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
        Require(OperatingSystem.IsLinux(), "Vault:EnvRoot works on Linux only: on other systems Aegis cannot refuse symbolic links.");
        Require(Path.IsPathFullyQualified(root), "Vault:EnvRoot must be an absolute path.");
        Require(Directory.Exists(root), "Vault:EnvRoot must be a folder that exists.");
        var (env, data) = (Resolved(root), Resolved(dataDirectory));
        Require(!env.StartsWith(data, StringComparison.Ordinal) && !data.StartsWith(env, StringComparison.Ordinal),
            "Vault:EnvRoot must not be inside DataDirectory or contain it.");
    }

    /// <summary>The path with every symbolic link resolved, with a slash at its end.</summary>
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
