using System.Diagnostics;
using Microsoft.Data.SqlClient;

namespace Aegis.Tests.SqlServer;

/// <summary>How a SQL Server database gets its tables, and how they compare text.</summary>
public sealed class SchemaTests
{
    private const string NothingToDo = "The schema is up to date.";

    [SqlServerFact]
    public async Task The_script_of_all_modules_can_run_twice_and_leaves_nothing_to_migrate()
    {
        await using var database = await TestDatabase.Create(HostProcess.NewDataDirectory());
        var (exitCode, script) = await Command(database, "migrate", "--script");
        exitCode.Should().Be(0, script);

        await Execute(database, script);
        await Execute(database, script);

        (await Command(database, "migrate")).Output.Should().Contain(NothingToDo);
        (await database.Column("SELECT COUNT(*) FROM [studies].[migrations]")).Should().Equal("1");
        (await database.Column("SELECT COUNT(*) FROM [studies].[transfers]")).Should().Equal("0");
    }

    [SqlServerFact]
    public async Task In_Production_a_host_refuses_an_old_schema_and_starts_after_the_migration()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var database = await TestDatabase.Create(folder);

        var (early, said) = await Command(database);
        var (migrated, done) = await Command(database, "migrate");
        var (keys, made) = await Command(database, "keys", "create");

        early.Should().Be(78);
        said.Should().Contain("Run 'Aegis.Host migrate'");
        (migrated, keys).Should().Be((0, 0), done + made);
        await using var host = await HostProcess.Start(folder, new Dictionary<string, string>(Production(database)));
        host.Output.Should().NotContain("fail:");
    }

    [SqlServerFact]
    public async Task Text_is_compared_and_sorted_byte_by_byte()
    {
        var app = await AegisApp.Start();

        await app.Use<KernelDb>(async db =>
        {
            foreach (var id in (string[])["evt_b", "evt_B", "evt_a", "evt_ä", "evt_aa"])
                db.Inbox.Add(new InboxRow { EventId = id, Handler = "test", HandledAt = app.Clock.GetUtcNow() });
            await db.SaveChangesAsync();
        });

        var ids = await app.Use<KernelDb, List<string>>(db => db.Inbox.Where(r => r.Handler == "test").OrderBy(r => r.EventId)
            .Select(r => r.EventId).ToListAsync());
        ids.Should().Equal("evt_B", "evt_a", "evt_aa", "evt_b", "evt_ä");
        (await app.Use<KernelDb, int>(db => db.Inbox.CountAsync(r => r.Handler == "TEST"))).Should().Be(0);
        await app.DisposeAsync();
    }

    [SqlServerFact]
    public async Task A_deadlock_victim_fails_with_a_transient_error_and_the_database_stays_available()
    {
        var app = await AegisApp.Start();
        var (first, second) = (await app.AskForJaneDoe(), await app.AskForJaneDoe());

        var outcomes = await Task.WhenAll(Cross(app, first, second), Cross(app, second, first));

        outcomes.Count(o => o is null).Should().Be(1, "one of two deadlocked transactions wins");
        var lost = outcomes.Single(o => o is not null)!;
        DatabaseFailure.IsTransient(lost).Should().BeTrue(lost.ToString());
        DatabaseFailure.IsUnavailable(lost).Should().BeFalse();
        await app.DisposeAsync();
    }

    /// <summary>Changes one row, waits until the other side has changed its row, then changes that one too.</summary>
    private static async Task<Exception?> Cross(AegisApp app, string mine, string theirs)
    {
        await using var connection = await app.Database.Connect();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            foreach (var id in (string[])[mine, theirs])
            {
                await using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = $"UPDATE [studies].[requests] SET [WindowHours] = [WindowHours] + 1 WHERE [Id] = '{id}'";
                await command.ExecuteNonQueryAsync();
                await Task.Delay(300);
            }

            await transaction.CommitAsync();
            return null;
        }
        catch (SqlException e)
        {
            return e;
        }
    }

    private static async Task Execute(TestDatabase database, string script)
    {
        foreach (var batch in script.Split("\nGO", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            await database.Run(batch);
    }

    private static Dictionary<string, string> Production(TestDatabase database) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__Aegis"] = database.ConnectionString,
        ["Database__Provider"] = "SqlServer",
        ["PublicUrl"] = "https://aegis.example.org",
        ["DataDirectory"] = database.Options.DataDirectory,
        ["Keys__Directory"] = $"{database.Options.DataDirectory}-keys",
    };

    /// <summary>Runs a command of the host in a process.</summary>
    private static async Task<(int ExitCode, string Output)> Command(TestDatabase database, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aegis.Host.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in Production(database)) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
