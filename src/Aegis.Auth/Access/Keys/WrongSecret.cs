namespace Aegis.Auth.Access.Keys;

/// <summary>
/// That keys of a user were presented with wrong secrets: a sign that somebody tries. One row for each user whose keys were, and nobody
/// decides by more than its number, so the last write wins.
/// </summary>
internal sealed class WrongSecret
{
    /// <summary>How long they count. The next one after it begins anew.</summary>
    public static readonly TimeSpan Counts = TimeSpan.FromHours(1);

    private WrongSecret()
    {
    }

    public string UserId { get; private set; } = "";

    /// <summary>How many, the last of them at <see cref="LastAt"/>.</summary>
    public int Count { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public static WrongSecret First(string userId, int count, DateTimeOffset now) => new() { UserId = userId, Count = count, LastAt = now };
}

internal sealed class WrongSecretMap : IEntityTypeConfiguration<WrongSecret>
{
    public void Configure(EntityTypeBuilder<WrongSecret> e)
    {
        e.ToTable("wrong_secrets").HasKey(x => x.UserId);
    }
}
