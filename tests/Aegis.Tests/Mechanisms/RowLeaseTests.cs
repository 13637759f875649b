using System.Linq.Expressions;
using Aegis.Kernel.Work;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Aegis.Tests.Mechanisms;

/// <summary>Leases give the same answer in memory and in the database, exact to one tick, with one query whatever the time is.</summary>
public sealed class RowLeaseTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly RowLease Lease = new(TimeSpan.FromSeconds(30), Further: TimeSpan.FromSeconds(5));
    private static readonly TimeSpan MaxLength = TimeSpan.FromSeconds(35) + RowLease.Skew;

    private static readonly Row[] Rows =
    [
        new("none", null, null), new("over", Now - Tick, "other"), new("ends", Now, "other"), new("last tick", Now + Tick, "other"),
        new("starts now", Lease.Until(Now), "other"), new("longest", Now + MaxLength, "other"),
        new("later than any", Now + MaxLength + Tick, "other"),
        new("own", Now + Tick, "self"),
    ];

    [Fact]
    public void A_row_is_held_until_its_lease_ends_unless_the_end_is_later_than_possible()
    {
        Rows.Where(r => Lease.IsFree(r.Until, Now)).Select(r => r.Id).Should().BeEquivalentTo("none", "over", "ends", "later than any");
    }

    [Fact]
    public void A_host_whose_clock_is_a_moment_behind_does_not_take_the_leases_of_others()
    {
        var behind = Now - RowLease.Skew;

        new RowLease(TimeSpan.FromSeconds(30)).IsFree(Now.AddSeconds(30), behind).Should().BeFalse();
        new RowLease(TimeSpan.FromSeconds(30)).IsFree(Now.AddSeconds(30), behind - Tick).Should().BeTrue();
    }

    [Fact]
    public async Task The_database_gives_the_same_answer()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using var db = new RowDb(o => o.UseSqlite(connection));
        await db.Database.EnsureCreatedAsync();
        db.Rows.AddRange(Rows);
        await db.SaveChangesAsync();
        Task<List<string>> Found(Expression<Func<Row, bool>> condition) => db.Rows.Where(condition).Select(r => r.Id).ToListAsync();

        (await Found(Lease.Free<Row>(r => r.Until, Now))).Should().BeEquivalentTo("none", "over", "ends", "later than any");
        (await Found(Lease.FreeOrOwn<Row>(r => r.Until, own: x => x.Holder == "self", Now)))
            .Should().BeEquivalentTo("none", "over", "ends", "later than any", "own");
        (await Found(Lease.Held<Row>(r => r.Until, Now))).Should().BeEquivalentTo("last tick", "starts now", "longest", "own");
        (await Found(Lease.Due<Row>(r => r.Until, Now))).Should().BeEquivalentTo("over", "ends", "later than any");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Times_are_query_parameters_so_a_query_is_translated_once(bool server)
    {
        using var db = new RowDb(o => _ = server ? o.UseSqlServer("Server=nowhere") : o.UseSqlite("Data Source=:memory:"));
        string[] Statements(RowLease lease, DateTimeOffset now) =>
        [
            Statement(db.Rows.Where(lease.Free<Row>(r => r.Until, now))),
            Statement(db.Rows.Where(lease.FreeOrOwn<Row>(r => r.Until, x => x.Holder == now.ToString(), now))),
            Statement(db.Rows.Where(lease.Held<Row>(r => r.Until, now))),
            Statement(db.Rows.Where(lease.Due<Row>(r => r.DueAt, now))),
        ];

        var statements = Statements(Lease, Now);

        Statements(new RowLease(TimeSpan.FromHours(1)), Now.AddYears(1)).Should().Equal(statements);
        statements.Should().AllSatisfy(sql => sql
            .Should().Contain("@now").And.Contain("@latest").And.NotContain("CAST").And.NotMatchRegex("[0-9]{9}"));
    }

    /// <summary>Returns the statement without the lines that set the parameters.</summary>
    private static string Statement(IQueryable<Row> rows) =>
        rows.ToQueryString() is var text ? text[text.IndexOf("SELECT", StringComparison.Ordinal)..] : "";

    private sealed record Row(string Id, DateTimeOffset? Until, string? Holder)
    {
        public DateTimeOffset DueAt { get; init; }
    }

    private sealed class RowDb(Action<DbContextOptionsBuilder> configure) : DbContext
    {
        public DbSet<Row> Rows => Set<Row>();

        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => configure(optionsBuilder);

        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
            configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Ticks>();
    }

    private sealed class Ticks()
        : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
