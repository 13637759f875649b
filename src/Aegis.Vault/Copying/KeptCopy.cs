using Aegis.Contracts.Vault;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Copying;

/// <summary>
/// A copy of a credential in n8n that follows the vault: which members get the value, and which version was sent.
/// <see cref="CopyController"/> starts, changes and ends copies. <see cref="AskForCopy"/> makes a copy due when the value changes.
/// <see cref="CopySender"/> finds organizations with due copies, and <see cref="CopyWork"/> sends each copy under a lease. When n8n fails,
/// the copy is retried with a backoff. After <see cref="MaxFailures"/> failures, or when a retry cannot help, it stops and the owner is
/// told.
/// </summary>
internal sealed class KeptCopy : Entity
{
    private const int MaxFailures = 12; // with the backoff below: about two hours
    private const int MaxFilled = 16; // fits the column
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(5), Factor: 2, TimeSpan.FromMinutes(15));

    private KeptCopy(string id, string organizationId, string credentialId)
        : base(id)
    {
        OrganizationId = organizationId;
        CredentialId = credentialId;
    }

    public string OrganizationId { get; private set; } = "";

    public string CredentialId { get; private set; } = "";

    /// <summary>Which members get the value, without secret members, as JSON text.</summary>
    public string Config { get; private set; } = "{}";

    public byte[]? SealedConfig { get; private set; }

    /// <summary>The version that n8n has; null before the first one was sent.</summary>
    public int? SentVersion { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When the value is to be sent; null when n8n has it or a person must act.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>The lease of the host that sends it ends at this time.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Why it was not sent: a stable code.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The same for a person: a sentence by Aegis, without any value.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Members that n8n required and that were filled, separated by spaces; null when there were none.</summary>
    public string? FilledMembers { get; private set; }

    public static KeptCopy Begin(string id, string organizationId, string credentialId) => new(id, organizationId, credentialId);

    /// <summary>Sets which members get the value, and makes it due.</summary>
    public void Take(Credential credential, string config, byte[]? sealedConfig, DateTimeOffset now)
    {
        (Config, SealedConfig) = (config, sealedConfig);
        Ask(now);
        Raise(new CredentialCopyChanged(CredentialId, credential.Name, Kept: true, [OrganizationId]));
    }

    /// <summary>Makes the value due, because it has changed.</summary>
    public void Ask(DateTimeOffset now) => (DueAt, Failures, ErrorCode, ErrorMessage) = (now, 0, null, null);

    /// <summary>Takes the lease for one attempt. When two hosts try, the save lets one of them win.</summary>
    public void Claim(DateTimeOffset until) => LeaseUntil = until;

    /// <summary>Records that n8n accepted the value.</summary>
    public void Sent(Credential credential, IReadOnlyList<string> filled, DateTimeOffset now)
    {
        (SentVersion, SentAt) = (credential.CurrentVersion, now);
        FilledMembers = filled.Count == 0 ? null : string.Join(' ', filled.Take(MaxFilled));
        Idle();
        Raise(new CredentialCopied(CredentialId, credential.Name, credential.CurrentVersion, [OrganizationId]));
    }

    /// <summary>Records that there is nothing to send.</summary>
    public void Idle() => (DueAt, LeaseUntil, Failures, ErrorCode, ErrorMessage) = (null, null, 0, null, null);

    /// <summary>
    /// Retries later, after a longer delay each time. It stops and tells the owner when it failed too often or when a retry cannot help.
    /// </summary>
    /// <param name="credential">Its credential.</param>
    /// <param name="code">Why.</param>
    /// <param name="message">The same for a person.</param>
    /// <param name="isLasting">True when only a person can fix it.</param>
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

    /// <summary>Raises the event of its end; the caller deletes it in the same save.</summary>
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
