namespace Aegis.Auth.People.SignIn;

/// <summary>
/// A row that is written when a password is tried for an unknown address or a locked or disabled user. It is written as often as a user's
/// row would be, so that the time of the answer does not reveal who has an account. It is the only row of its table.
/// </summary>
internal sealed class TimingDummy
{
    public const string OnlyId = "nobody";

    private TimingDummy()
    {
    }

    public string Id { get; private set; } = OnlyId;

    public long Writes { get; private set; }
}

internal static class TimingDummyWrites
{
    /// <summary>Writes in a transaction, which takes as long as a save.</summary>
    public static Task<int> WriteTimingDummy(this AuthDb db, CancellationToken ct) =>
        db.InTransaction(() => db.TimingDummies.ExecuteUpdateAsync(n => n.SetProperty(x => x.Writes, x => x.Writes + 1), ct), ct);
}

internal sealed class TimingDummyMap : IEntityTypeConfiguration<TimingDummy>
{
    public void Configure(EntityTypeBuilder<TimingDummy> e)
    {
        e.ToTable("nobody");
        e.Property(x => x.Id).HasMaxLength(16);
        e.HasData(new { Id = TimingDummy.OnlyId, Writes = 0L });
    }
}
