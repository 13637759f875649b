using System.Runtime.Versioning;

namespace Aegis.Tests.Host;

/// <summary>Only the host's account can access the data directory.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileModeTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [SqliteFact("it also checks the SQLite files")]
    public async Task Every_file_is_0600_even_if_the_folder_and_its_files_were_open_to_all()
    {
        await using var app = await AegisApp.StartOnData(
            folder =>
            {
                Directory.CreateDirectory(Path.Combine(folder, "left")).UnixFileMode |= Others;
                foreach (var file in new[] { "aegis.db", "audit-checkpoints", Path.Combine("left", "file") })
                {
                    File.WriteAllText(Path.Combine(folder, file), "");
                    File.SetUnixFileMode(Path.Combine(folder, file), (UnixFileMode)0b110_110_110);
                }

                new DirectoryInfo(folder).UnixFileMode |= Others;
            },
            TimeProvider.System.GetUtcNow());
        (await app.As("consumer").Get("/v1/requests")).ShouldBe(System.Net.HttpStatusCode.OK);

        var there = new DirectoryInfo(app.DataDirectory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Append(new DirectoryInfo(app.DataDirectory)).ToList();

        there.Select(e => e.Name).Should().Contain(["aegis.db", "aegis.db-wal", "aegis.db-shm", "sandbox.json", "migrate.lock"]);
        there.Where(e => e.Exists && (e.UnixFileMode & Others) != 0).Select(e => e.FullName).Should().BeEmpty();
    }
}
