using System.Diagnostics;

/// <summary>
/// Runs in the host's process before its Main (DOTNET_STARTUP_HOOKS) and ends it at a named point of a rotation, as a kill would: no
/// handler runs, nothing is flushed. The runtime asks for a class of this name without a namespace.
/// </summary>
internal static class StartupHook
{
    private const string PointVariable = "AEGIS_TEST_EXIT_AT";
    private const string CountVariable = "AEGIS_TEST_EXIT_WITH";

    /// <summary>What to start a host with that ends itself.</summary>
    /// <param name="point">A point of <c>RotationPoints</c>.</param>
    /// <param name="count">So many rotations wait there for one another, so that one kill meets all of them.</param>
    public static (string Key, string Value)[] EndAt(string point, int count) =>
    [
        ("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location),
        (PointVariable, point),
        (CountVariable, $"{count}"),
    ];

    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
    {
        var point = Environment.GetEnvironmentVariable(PointVariable);
        if (listener.Name != "Aegis.Vault.Rotation" || point is null) return;
        var count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "1");
        var arrived = 0;
        listener.Subscribe(new Observer<KeyValuePair<string, object?>>(_ =>
        {
            if (Interlocked.Increment(ref arrived) < count) Thread.CurrentThread.Join(); // itself, so for ever
            using var self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }), name => name == point);
    }));

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}
