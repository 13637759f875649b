using Aegis.Studies.Content.Sealing;

namespace Aegis.Tests.Studies.Content;

/// <summary>A temporary folder with sealed studies, one for each test.</summary>
internal sealed class StudyFolder : IDisposable
{
    private static int last;

    public static readonly byte[] Key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private readonly DirectoryInfo folder = Directory.CreateDirectory(
        Path.Combine(AppContext.BaseDirectory, "studies", $"{Environment.ProcessId}-{Interlocked.Increment(ref last)}"));

    public string File => Path.Combine(folder.FullName, "study.sealed");

    public IEnumerable<string> Names => folder.EnumerateFiles().Select(f => f.Name);

    public async Task Seal(params byte[][] instances)
    {
        await using var writer = SealedStudyWriter.Create(File, Key);
        for (var i = 0; i < instances.Length; i++)
        {
            await writer.BeginInstance().WriteAsync(instances[i]);
            writer.EndInstance(series: i % 3);
        }

        await writer.Complete(CancellationToken.None);
    }

    public SealedStudyReader Open() => SealedStudyReader.Open(File, Key);

    public void Dispose() => folder.Delete(recursive: true);
}
