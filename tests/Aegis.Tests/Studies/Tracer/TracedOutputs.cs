using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aegis.Tests.Studies.Tracer;

/// <summary>Every output except the download that a canary could reach: disk, open and deleted files, logs, traces, metrics.</summary>
internal sealed class TracedOutputs : IDisposable
{
    private const int MaxFileBytes = 256 * 1024 * 1024;

    private readonly AegisApp app;
    private readonly FileSystemWatcher temporary =
        new(Environment.GetEnvironmentVariable("TMPDIR") ?? "/tmp") { IncludeSubdirectories = false, EnableRaisingEvents = true };
    private readonly ConcurrentDictionary<string, byte> appeared = new();
    private readonly ConcurrentQueue<string> telemetry = new();
    private readonly ActivityListener activities;
    private readonly MeterListener meters = new();
    private int read;

    public TracedOutputs(AegisApp app)
    {
        this.app = app;
        temporary.Created += (_, e) => appeared.TryAdd(e.FullPath, 0);
        activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Note,
        };
        ActivitySource.AddActivityListener(activities);
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<long>((i, _, tags, _) => Note(i, tags));
        meters.SetMeasurementEventCallback<int>((i, _, tags, _) => Note(i, tags));
        meters.SetMeasurementEventCallback<double>((i, _, tags, _) => Note(i, tags));
        meters.Start();
    }

    /// <summary>The number of checks, so that a test notices when there was none.</summary>
    public int Checks { get; private set; }

    public int Telemetry => telemetry.Count;

    /// <summary>The files on disk now: the data directory, new temporary files, and deleted files that are still open.</summary>
    public List<string> OnDisk()
    {
        Checks++;
        var files = Directory.GetFiles(app.DataDirectory, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}sandbox", StringComparison.Ordinal))
            .Concat(appeared.Keys.Where(HasBytes)).Concat(Deleted());
        return [.. files.SelectMany(f => CanarySearch.In(Read(f)).Select(found => $"{f}: {found}"))];
    }

    /// <summary>
    /// The output since the last call: logs at every level, and activities and measurements with all their tags.
    /// </summary>
    public List<string> NewOutput()
    {
        var lines = app.Logs.Lines.Skip(read).ToList();
        read += lines.Count;
        return [.. CanarySearch.In(string.Join('\n', lines)), .. CanarySearch.In(string.Join('\n', telemetry))];
    }

    public void Dispose()
    {
        temporary.Dispose();
        activities.Dispose();
        meters.Dispose();
    }

    private static IEnumerable<string> Deleted() => !Directory.Exists("/proc/self/fd")
        ? []
        : Directory.GetFiles("/proc/self/fd")
            .Where(f => Try(() => new FileInfo(f).LinkTarget)?.EndsWith("(deleted)", StringComparison.Ordinal) is true);

    /// <summary>Skips pipes: .NET processes create them in the temporary folder, and opening one waits for a writer.</summary>
    private static bool HasBytes(string path) => Try(() => new FileInfo(path)) is { Exists: true, Length: > 0 };

    private static byte[] Read(string path) => Try(() =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        if (file.Length <= MaxFileBytes) file.CopyTo(memory);
        return memory.ToArray();
    }) ?? [];

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null; // deleted again, locked by its writer, or not a file
        }
    }

    private void Note(Activity activity) => telemetry.Enqueue(
        $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Baggage)} "
        + string.Join(' ', activity.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}")));

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        telemetry.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray())}");
}
