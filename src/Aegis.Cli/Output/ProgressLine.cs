using Spectre.Console;

namespace Aegis.Cli.Output;

/// <summary>A progress bar on a terminal; nothing elsewhere.</summary>
internal static class ProgressLine
{
    public static async Task<T> WithProgress<T>(
        this CommandEnvironment around, string what, Func<IProgress<TransferProgress>?, Task<T>> work)
    {
        if (!around.IsInteractive) return await work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(around.Error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(),
                new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask(Markup.Escape(what));
                return await work(new Bar(bar));
            });
    }

    private sealed class Bar(ProgressTask bar) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => bar.MaxValue(value.OfBytes).Value(value.Bytes);
    }
}
