using System.Buffers.Text;
using System.Text;
using Aegis.Kernel.Identifiers;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Transfers;

/// <summary>
/// The right to download one transfer's content for five minutes. Its id is the hash of the 256 random bits that the consumer has.
/// </summary>
internal sealed class ContentTicket : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    /// <summary>How many tickets of a transfer can be valid at once. One more ends the oldest.</summary>
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

    /// <summary>Set when a newer ticket replaced it.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Set when its key was revoked or its login ended.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Used by release 0.1.0 to count. Its hosts still write it during a rolling upgrade; this release does not.</summary>
    public byte[] ServedIntervals { get; private set; } = [];

    /// <summary>Creates a ticket. Its text is shown once and never stored.</summary>
    public static (ContentTicket Ticket, string Text) Issue(string transferId, Caller caller, DateTimeOffset now)
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretSize));
        return (new ContentTicket(IdOf(text)!, transferId, caller, now), text);
    }

    /// <summary>The id of the ticket with this text, or null when the text cannot be a ticket.</summary>
    public static string? IdOf(string? text) =>
        text?.Length == TextLength && Base64Url.IsValid(text)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)))
            : null;

    public bool HasExpired(DateTimeOffset now) => EndedAt is not null || now >= ExpiresAt;

    /// <summary>Ends the ticket for new requests. Running streams continue.</summary>
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
        e.Property(x => x.ServedIntervals).HasMaxLength(18_432); // as in release 0.1.0
        e.HasIndex(x => new { x.TransferId, x.IssuedAt });
        e.HasIndex(x => x.CredentialId);
        e.HasIndex(x => x.ExpiresAt);
    }
}
