using System.Data;
using System.Data.Common;
using Aegis.Studies.Content;
using Aegis.Studies.Fulfilment;
using Aegis.Studies.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Studies.Fulfilment;

public sealed class SweepTests : IAsyncLifetime
{
    private static readonly byte[] File = (Parcel.Jane with { Rows = 1024, Columns = 1024 }).Files()[0];

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task The_sweep_deletes_files_without_a_transfer_and_keeps_the_rest()
    {
        var kept = await Deliver();
        using var half = await HalfUpload.Send(app, await app.AskForJaneDoe(), File);
        while (app.ContentFiles().Length < 2) await Task.Delay(20);
        var underWay = app.ContentFiles().Single(f => !f.Contains(kept));
        var orphan = Path.Combine(app.ContentFolder(), "trf_00000000000000000000000000.sealed");
        await System.IO.File.WriteAllBytesAsync(orphan, [1, 2, 3]);

        await app.Run<SweepOrphansJob>();
        app.ContentFiles().Should().Contain(orphan, "it is young");
        AgeFiles();
        await app.Run<SweepOrphansJob>();

        app.ContentFiles().Should().HaveCount(2).And.Contain(underWay).And.Contain(f => f.Contains(kept));
    }

    [Fact]
    public async Task A_study_that_another_host_completes_during_the_sweep_stays()
    {
        var completed = await Deliver();
        AgeFiles();
        await using StudiesDb db = TestDatabase.IsSqlServer
            ? new SqlServerStudiesDb(NotYetThere<SqlServerStudiesDb>()) : new SqliteStudiesDb(NotYetThere<SqliteStudiesDb>());
        var sweep =
            new SweepOrphansJob(db, app.Services.GetRequiredService<ContentFolder>(), app.Clock, NullLogger<SweepOrphansJob>.Instance);

        await sweep.Run(CancellationToken.None);

        app.ContentFiles().Should().ContainSingle().Which.Should().Contain(completed);
    }

    private DbContextOptions<TDb> NotYetThere<TDb>()
        where TDb : DbContext =>
        new DbContextOptionsBuilder<TDb>(app.Services.GetRequiredService<DbContextOptions<TDb>>()).AddInterceptors(new NotYet()).Options;

    private async Task<string> Deliver() =>
        (await app.Fulfil(await app.AskForJaneDoe(), Parcel.Bytes(File, "application/dicom"))).ShouldBe(
            HttpStatusCode.Created)["transferId"]!;

    private void AgeFiles()
    {
        foreach (var file in app.ContentFiles()) System.IO.File.SetLastWriteTimeUtc(file, app.Clock.GetUtcNow().UtcDateTime.AddHours(-1));
    }

    /// <summary>Saves the transfer after the sweep has looked for it the first time.</summary>
    private sealed class NotYet : DbCommandInterceptor
    {
        private bool asked;

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            if (asked) return ValueTask.FromResult(result);
            asked = true;
            return ValueTask.FromResult(
                InterceptionResult<DbDataReader>.SuppressWithResult(new DataTable { Columns = { "Id" } }.CreateDataReader()));
        }
    }
}
