namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Counts how often keys of a user were presented with a wrong secret, which is a sign of an attack. There is one row for each such user.
/// Only the count is used, so the last write wins.
/// </summary>
internal sealed class WrongSecret
{
    /// <summary>How long the count is used. A later wrong secret starts again at one.</summary>
    public static readonly TimeSpan Counts = TimeSpan.FromHours(1);

    private WrongSecret()
    {
    }

    public string UserId { get; private set; } = "";

    /// <summary>The number of wrong secrets; the last was at <see cref="LastAt"/>.</summary>
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
