using System.IO.Hashing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Archive;
using Microsoft.Win32.SafeHandles;

namespace Aegis.Interop.Tests.Downloads;

/// <summary>
/// Archives that need zip64: an instance of more than 4 GiB followed by others, and more instances than 16 bits can count.
/// </summary>
public sealed class LargeArchiveTests(LargeArchiveTests.Archives archives) : IClassFixture<LargeArchiveTests.Archives>
{
    private const long Huge = (4L << 30) + 7;
    private const int Many = 66_000;

    public static TheoryData<string> Shapes => new() { "huge", "many" };

    [InteropTheory("unzip")]
    [MemberData(nameof(Shapes))]
    public async Task Unzip_finds_no_error(string shape) =>
        (await Tool.Run("unzip", "-tq", archives.Of(shape))).ShouldSucceed().Output.Should().Contain("No errors detected");

    [InteropTheory("7z")]
    [MemberData(nameof(Shapes))]
    public async Task Seven_zip_finds_no_error_and_no_warning(string shape) =>
        (await Tool.Run("7z", "t", archives.Of(shape))).ShouldSucceed().Output
            .Should().Contain("Everything is Ok").And.NotContain("Warning");

    [InteropTheory("python3")]
    [MemberData(nameof(Shapes))]
    public async Task Python_reads_every_entry(string shape) =>
        LengthsIn(await Tool.Run(Tool.Python, Path.Combine(Tool.Folder, "Downloads", "read_zip.py"), archives.Of(shape)))
            .Should().Equal(Lengths(shape));

    [InteropTheory("java")]
    [MemberData(nameof(Shapes))]
    public async Task Java_reads_every_entry_forward(string shape) =>
        LengthsIn(await Tool.Run("java", Path.Combine(Tool.Folder, "Downloads", "ReadZip.java"), archives.Of(shape)))
            .Should().Equal(Lengths(shape));

    private static IEnumerable<long> LengthsIn(ToolRun run) =>
        run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => long.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture));

    private static long[] Lengths(string shape) =>
        shape == "huge" ? [5, Huge, 3, 1000] : [.. Enumerable.Range(0, Many).Select(i => (long)i % 3)];

    /// <summary>Writes each kind of archive once.</summary>
    public sealed class Archives : IDisposable
    {
        private readonly Dictionary<string, string> files = [];

        private readonly DirectoryInfo folder = Directory.CreateDirectory(
            Path.Combine(AppContext.BaseDirectory, "exchanged", Ids.New("zip", TimeProvider.System.GetUtcNow())));

        public void Dispose() => folder.Delete(recursive: true);

        public string Of(string shape) => files.TryGetValue(shape, out var file) ? file : files[shape] = Write(shape);

        // The payload is zeros and stays a hole in the sparse file. Only the framing is written.
        private string Write(string shape)
        {
            var file = Path.Combine(folder.FullName, $"{shape}.zip");
            var archive = new StudyArchive(new StudyIndex([.. Lengths(shape).Select(length => (length, CrcOfZeros(length), 0))]));
            using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
            RandomAccess.SetLength(handle, archive.Length);
            var (at, start, pending) = (0L, 0L, new MemoryStream());
            foreach (var segment in archive.Segments(0, archive.Length))
            {
                if (segment.IsPayload) Flush(handle, pending, start);
                if (pending.Length == 0) start = at;
                pending.Write(segment.Framing.Span);
                at += segment.Length;
            }

            Flush(handle, pending, start);
            return file;
        }

        private static void Flush(SafeFileHandle handle, MemoryStream pending, long start)
        {
            RandomAccess.Write(handle, pending.GetBuffer().AsSpan(0, (int)pending.Length), start);
            pending.SetLength(0);
        }

        private static uint CrcOfZeros(long length)
        {
            var zeros = new byte[Math.Min(length, 1 << 20)];
            var crc = new Crc32();
            for (var left = length; left > 0; left -= zeros.Length) crc.Append(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
            return crc.GetCurrentHashAsUInt32();
        }
    }
}
