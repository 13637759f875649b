using System.Buffers.Text;
using System.Text;
using Aegis.Kernel.Identifiers;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Transfers;

/// <summary>
/// The right to fetch one transfer's content for five minutes. Its id is the hash of the 256 random bits that the consumer holds.
/// </summary>
internal sealed class ContentTicket : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    /// <summary>How many tickets of a transfer may be live; one more ends the oldest.</summary>
    public const int MaxLive = 4;

    private const int SecretSize = 32;
    private const int TextLength = 43; // base64url of 32 bytes without padding

    private ContentTicket()
    {
    }

    private ContentTicket(string id, string transferId, Caller caller, DateTimeOffset now)
        : base(id)
    {
        TransferId = transferId;
        OrganizationId = caller.OrganizationId;
        CredentialId = caller.CredentialId;
        Subject = caller.Subject;
        SubjectName = caller.Name;
        IssuedAt = now;
        ExpiresAt = now + Lifetime;
    }

    public string TransferId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    /// <summary>The API key it was issued to, or the login of a person.</summary>
    public string? CredentialId { get; private set; }

    public string Subject { get; private set; } = "";

    public string SubjectName { get; private set; } = "";

    public DateTimeOffset IssuedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Set when a newer ticket took its place.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Set when its key was revoked or its login ended.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>What release 0.1.0 counted by. Hosts of it still write it during a rolling upgrade; nothing else does.</summary>
    public byte[] ServedIntervals { get; private set; } = [];

    /// <summary>Makes a ticket; the text is shown once and never stored.</summary>
    public static (ContentTicket Ticket, string Text) Issue(string transferId, Caller caller, DateTimeOffset now)
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretSize));
        return (new ContentTicket(IdOf(text)!, transferId, caller, now), text);
    }

    /// <summary>The id that the ticket with this text has, or null when no ticket looks like it.</summary>
    public static string? IdOf(string? text) =>
        text?.Length == TextLength && Base64Url.IsValid(text)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)))
            : null;

    public bool HasExpired(DateTimeOffset now) => EndedAt is not null || now >= ExpiresAt;

    /// <summary>Ends the ticket for new requests; a running stream goes on.</summary>
    public void End(DateTimeOffset now) => EndedAt ??= now;

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

internal sealed class ContentTicketMap : IEntityTypeConfiguration<ContentTicket>
{
    private const int NameLength = 200;

    public void Configure(EntityTypeBuilder<ContentTicket> e)
    {
        e.ToTable("content_tickets");
        e.Property(x => x.Subject).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.SubjectName).HasMaxLength(NameLength);
        e.Property(x => x.ServedIntervals).HasMaxLength(18_432); // as release 0.1.0 said
        e.HasIndex(x => new { x.TransferId, x.IssuedAt });
        e.HasIndex(x => x.CredentialId);
        e.HasIndex(x => x.ExpiresAt);
    }
}
