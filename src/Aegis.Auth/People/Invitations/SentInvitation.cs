namespace Aegis.Auth.People.Invitations;

/// <summary>
/// Records for one day that an organization invited an address. The limits that count these rows bound what an admin can learn by inviting
/// addresses, and how much mail strangers get.
/// </summary>
internal sealed class SentInvitation
{
    public static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private SentInvitation()
    {
    }

    public string Id { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string Email { get; private set; } = "";

    public DateTimeOffset SentAt { get; private set; }

    public static SentInvitation To(string organizationId, string email, DateTimeOffset now) =>
        new() { Id = Ids.New("sin", now), OrganizationId = organizationId, Email = email, SentAt = now };
}

internal static class InvitationLimits
{
    private const int MaxForOrganization = 50;
    private const int MaxForAddress = 3;

    /// <summary>
    /// Counts one more invitation, or refuses it; the caller saves. Invitations of removed users still count. The save must depend on the
    /// organization's row, so that two invitations at the same time cannot both pass as the last one allowed.
    /// </summary>
    public static async Task TakeInvitation(this AuthDb db, string organizationId, string email, DateTimeOffset now, CancellationToken ct)
    {
        var since = now - SentInvitation.Period;
        var sent = await db.SentInvitations.AsNoTracking().Where(s => s.OrganizationId == organizationId && s.SentAt > since)
            .OrderByDescending(s => s.SentAt).ThenBy(s => s.Id).Take(MaxForOrganization).ToListAsync(ct);
        RequireBelow(MaxForOrganization, sent, "from your organization", now);
        RequireBelow(MaxForAddress, sent.FindAll(s => s.Email == email), "to this address", now);
        db.SentInvitations.Add(SentInvitation.To(organizationId, email, now));
    }

    private static void RequireBelow(int max, List<SentInvitation> newestFirst, string fromOrTo, DateTimeOffset now)
    {
        if (newestFirst.Count < max) return;
        var seconds = (int)Math.Ceiling((newestFirst[max - 1].SentAt + SentInvitation.Period - now).TotalSeconds);
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "invitations_exceeded",
            $"Too many invitations: {max} were sent {fromOrTo} in the last 24 hours. Wait {seconds} s and try again.")
            .With(Problem.RetryAfter, seconds);
    }
}

internal sealed class SentInvitationMap : IEntityTypeConfiguration<SentInvitation>
{
    public void Configure(EntityTypeBuilder<SentInvitation> e)
    {
        e.ToTable("sent_invitations");
        e.Property(x => x.Email).HasMaxLength(254); // RFC 5321 §4.5.3.1.3
        e.HasIndex(x => new { x.OrganizationId, x.SentAt });
        e.HasIndex(x => x.SentAt);
    }
}
