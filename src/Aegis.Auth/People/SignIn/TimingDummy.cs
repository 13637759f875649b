namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Is written where a password is tried at an address that has no user, or one who is locked or disabled: as often as a user's row would
/// be, so that the time of the answer does not tell who is here. The only row of its table.
/// </summary>
internal sealed class TimingDummy
{
    public const string TheOne = "nobody";

    private TimingDummy()
    {
    }

    public string Id { get; private set; } = TheOne;

    public long Writes { get; private set; }
}

internal static class TimingDummyWrites
{
    /// <summary>Writes as durably as a save does.</summary>
    public static Task<int> WriteTimingDummy(this AuthDb db, CancellationToken ct) =>
        db.InTransaction(() => db.TimingDummies.ExecuteUpdateAsync(n => n.SetProperty(x => x.Writes, x => x.Writes + 1), ct), ct);
}

internal sealed class TimingDummyMap : IEntityTypeConfiguration<TimingDummy>
{
    public void Configure(EntityTypeBuilder<TimingDummy> e)
    {
        e.ToTable("nobody");
        e.Property(x => x.Id).HasMaxLength(16);
        e.HasData(new { Id = TimingDummy.TheOne, Writes = 0L });
    }
}
