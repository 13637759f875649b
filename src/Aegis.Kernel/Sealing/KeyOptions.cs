using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Sealing;

/// <summary>Where the key ring and the day keys are.</summary>
/// <param name="Source"><c>directory</c> or <c>environment</c>.</param>
/// <param name="Directory">Folder of the ring.</param>
/// <param name="DayKeyPath">Folder of the day keys.</param>
/// <param name="RecoveryPublicKey">File of the public key for <see cref="RecoveryCopies"/>; null for none.</param>
/// <param name="RewrapPause">Pause after each batch of rewrapped values, so that other writers are not delayed.</param>
public sealed record KeyOptions(
    string Source, string Directory, string DayKeyPath, string? RecoveryPublicKey = null, TimeSpan RewrapPause = default)
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10); // with a longer pause, a large database would take weeks

    /// <summary>The environment variable with the ring, when <c>Keys:Source</c> is <c>environment</c>.</summary>
    public const string Variable = "AEGIS_KEY_RING";

    /// <summary>Reads <c>Keys:*</c>. In Production it refuses a ring that is stored with the data that it protects.</summary>
    public static KeyOptions From(IConfiguration configuration, string dataDirectory, bool isProduction)
    {
        var source = configuration["Keys:Source"] ?? "directory";
        if (source is not ("directory" or "environment"))
            throw new StartRefusedException("Keys:Source must be 'directory' or 'environment'.");

        var configured = configuration["Keys:Directory"];
        if (isProduction && source == "directory" && string.IsNullOrEmpty(configured))
            throw new StartRefusedException(
                "Set Keys:Directory to a folder for the key ring, outside DataDirectory and its backups.");
        var directory = Path.GetFullPath(string.IsNullOrEmpty(configured) ? Path.Combine(dataDirectory, "keys") : configured);

        var dayKeys = configuration["Keys:DayKeyPath"];
        if (source == "environment" && string.IsNullOrEmpty(dayKeys))
            throw new StartRefusedException(
                "Keys:Source is 'environment', which is read-only. Set Keys:DayKeyPath to a folder for the day keys.");
        var dayKeyPath = Path.GetFullPath(string.IsNullOrEmpty(dayKeys) ? Path.Combine(directory, "days") : dayKeys);

        if (isProduction && !configuration.GetValue<bool>("Keys:AllowBesideData"))
        {
            if (IsInside(directory, dataDirectory) && source == "directory")
                throw new StartRefusedException(
                    "Keys:Directory is inside DataDirectory, so a stolen backup would contain data and keys. Move it, or set "
                        + "Keys:AllowBesideData.");
            if (IsInside(dayKeyPath, dataDirectory))
                throw new StartRefusedException(
                    "Keys:DayKeyPath is inside DataDirectory, so a backup would undo destruction. Move it, or set Keys:AllowBesideData.");
        }

        return new KeyOptions(source, directory, dayKeyPath, configuration["Keys:RecoveryPublicKey"] is { Length: > 0 } file ? file : null,
            PauseOf(configuration));
    }

    private static TimeSpan PauseOf(IConfiguration configuration)
    {
        if (configuration["Keys:RewrapPause"] is not { Length: > 0 } text) return TimeSpan.Zero;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var pause) && pause >= TimeSpan.Zero && pause <= MaxPause
            ? pause
            : throw new StartRefusedException("Keys:RewrapPause must be a time of at most 10 seconds, for example '00:00:00.050'.");
    }

    internal IKeySource CreateSource() => Source == "environment"
        ? new EnvironmentKeys(Environment.GetEnvironmentVariable(EnvironmentKeys.Variable))
        : new DirectoryKeys(Directory);

    private static bool IsInside(string path, string folder)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(folder), path);
        return !relative.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }
}
