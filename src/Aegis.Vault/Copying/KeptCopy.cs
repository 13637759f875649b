using Aegis.Contracts.Vault;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Copying;

/// <summary>That n8n's copy of a credential follows the vault: where its value stands there, and which version was sent.</summary>
internal sealed class KeptCopy : Entity
{
    private const int MaxFailures = 12; // with the backoff below: about two hours
    private const int MaxFilled = 16; // what fits its column
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(5), Factor: 2, TimeSpan.FromMinutes(15));

    private KeptCopy(string id, string organizationId, string credentialId)
        : base(id)
    {
        OrganizationId = organizationId;
        CredentialId = credentialId;
    }

    public string OrganizationId { get; private set; } = "";

    public string CredentialId { get; private set; } = "";

    /// <summary>Where the value stands, without secret members, as JSON text.</summary>
    public string Config { get; private set; } = "{}";

    public byte[]? SealedConfig { get; private set; }

    /// <summary>The version that n8n has; null before the first.</summary>
    public int? SentVersion { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When the value is to be sent; null when n8n has it, or when a person must look.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Until when the host that sends it has it for itself.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Why it was not sent: a stable code.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The same for a person: a sentence of our own, without any value.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Members that n8n demanded and that were filled, by blanks; null when there were none.</summary>
    public string? FilledMembers { get; private set; }

    public static KeptCopy Begin(string id, string organizationId, string credentialId) => new(id, organizationId, credentialId);

    /// <summary>Takes where the value stands, and asks for it to be sent.</summary>
    public void Take(Credential credential, string config, byte[]? sealedConfig, DateTimeOffset now)
    {
        (Config, SealedConfig) = (config, sealedConfig);
        Ask(now);
        Raise(new CredentialCopyChanged(CredentialId, credential.Name, Kept: true, [OrganizationId]));
    }

    /// <summary>The value has changed.</summary>
    public void Ask(DateTimeOffset now) => (DueAt, Failures, ErrorCode, ErrorMessage) = (now, 0, null, null);

    /// <summary>Takes it for one attempt. The save decides between two hosts.</summary>
    public void Claim(DateTimeOffset until) => LeaseUntil = until;

    /// <summary>n8n took the value.</summary>
    public void Sent(Credential credential, IReadOnlyList<string> filled, DateTimeOffset now)
    {
        (SentVersion, SentAt) = (credential.CurrentVersion, now);
        FilledMembers = filled.Count == 0 ? null : string.Join(' ', filled.Take(MaxFilled));
        Idle();
        Raise(new CredentialCopied(CredentialId, credential.Name, credential.CurrentVersion, [OrganizationId]));
    }

    /// <summary>There is nothing to send.</summary>
    public void Idle() => (DueAt, LeaseUntil, Failures, ErrorCode, ErrorMessage) = (null, null, 0, null, null);

    /// <summary>Puts it off after a failure, longer each time; it rests and its owner is told when it cannot go on by itself.</summary>
    /// <param name="credential">Its credential.</param>
    /// <param name="code">Why.</param>
    /// <param name="message">The same for a person.</param>
    /// <param name="isLasting">True when only a person can help.</param>
    /// <param name="now">Now.</param>
    public void Fail(Credential credential, string code, string message, bool isLasting, DateTimeOffset now)
    {
        LeaseUntil = null;
        (ErrorCode, ErrorMessage) = (code, message.Length > KeptCopyMap.MessageLength ? message[..KeptCopyMap.MessageLength] : message);
        if (isLasting || ++Failures >= MaxFailures)
        {
            DueAt = null;
            Raise(new CredentialCopyFailed(CredentialId, credential.Name, code, [OrganizationId]));
            return;
        }

        DueAt = now + Backoff.After(Failures);
    }

    /// <summary>Announces its end; the caller deletes it in the same save.</summary>
    public void End(Credential credential) =>
        Raise(new CredentialCopyChanged(CredentialId, credential.Name, Kept: false, [OrganizationId]));
}

internal sealed class KeptCopyMap : IEntityTypeConfiguration<KeptCopy>
{
    public const int MessageLength = 1000;
    private const int FilledLength = 1000; // at most a dozen names of at most sixty characters

    public void Configure(EntityTypeBuilder<KeptCopy> e)
    {
        e.ToTable("kept_copies");
        e.Property(x => x.Config).HasMaxLength(CredentialMap.JsonLength);
        e.Property(x => x.SealedConfig).IsSealed(CredentialSeal.Config);
        e.Property(x => x.ErrorCode).HasMaxLength(CredentialMap.CodeLength);
        e.Property(x => x.ErrorMessage).HasMaxLength(MessageLength);
        e.Property(x => x.FilledMembers).HasMaxLength(FilledLength);
        e.HasIndex(x => x.CredentialId).IsUnique();
        e.HasIndex(x => new { x.DueAt, x.OrganizationId });
    }
}
