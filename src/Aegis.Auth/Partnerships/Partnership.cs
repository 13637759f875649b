using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.Partnerships;

internal enum PartnershipStatus { Proposed, Active, Suspended }

/// <summary>The agreement under which one consumer may ask one provider for studies.</summary>
internal sealed class Partnership : Entity
{
    private Partnership()
    {
    }

    private Partnership(string id, string consumerId, string providerId)
        : base(id)
    {
        ConsumerId = consumerId;
        ProviderId = providerId;
    }

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    public PartnershipStatus Status { get; private set; }

    /// <summary>The organization that suspended it; only that one or the platform lifts the suspension.</summary>
    public string? SuspendedBy { get; private set; }

    /// <summary>Last day, in UTC, of the consumer's business associate agreement.</summary>
    public DateOnly? ConsumerBaaUntil { get; private set; }

    /// <summary>Last day, in UTC, of the provider's business associate agreement.</summary>
    public DateOnly? ProviderBaaUntil { get; private set; }

    public DeidentificationPolicy Deidentification { get; private set; } = new();

    public DateTimeOffset CreatedAt { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    public static Partnership Propose(string id, string consumerId, string providerId, DeidentificationPolicy deidentification, DateTimeOffset now)
    {
        var partnership = new Partnership(id, consumerId, providerId)
        {
            Status = PartnershipStatus.Proposed,
            Deidentification = deidentification,
            CreatedAt = now,
        };
        partnership.Raise(new PartnershipCreated(id, consumerId, providerId, partnership.Parties));
        return partnership;
    }

    /// <summary>Makes a proposed partnership active, with the last days of both agreements.</summary>
    public void Approve(DateOnly consumerBaaUntil, DateOnly providerBaaUntil)
    {
        if (Status is not PartnershipStatus.Proposed)
            throw Refuse.Conflict("partnership_not_proposed", "Only a proposed partnership can be approved.");

        Status = PartnershipStatus.Active;
        ConsumerBaaUntil = consumerBaaUntil;
        ProviderBaaUntil = providerBaaUntil;
        Raise(new PartnershipApproved(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Stops new requests and opens until it is resumed.</summary>
    public void Suspend(Caller by)
    {
        if (Status is not PartnershipStatus.Active)
            throw Refuse.Conflict("partnership_not_active", "Only an active partnership can be suspended.");

        Status = PartnershipStatus.Suspended;
        SuspendedBy = by.OrganizationId;
        Raise(new PartnershipSuspended(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Makes a suspended partnership active again. A partner cannot lift the other one's suspension.</summary>
    public void Resume(Caller by)
    {
        if (Status is not PartnershipStatus.Suspended)
            throw Refuse.Conflict("partnership_not_suspended", "Only a suspended partnership can be resumed.");
        if (SuspendedBy != by.OrganizationId && !by.IsPlatformAdmin)
            throw Refuse.Forbidden("suspended_by_other", "Another organization suspended this partnership. Ask it, or the platform, to resume it.");

        Status = PartnershipStatus.Active;
        SuspendedBy = null;
        Raise(new PartnershipResumed(Id, ConsumerId, ProviderId, Parties));
    }
}

internal sealed class PartnershipMap : IEntityTypeConfiguration<Partnership>
{
    public void Configure(EntityTypeBuilder<Partnership> e)
    {
        e.ToTable("partnerships").HasKey(x => x.Id);
        e.Property(x => x.ConsumerId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.ProviderId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.SuspendedBy).HasMaxLength(Ids.MaxLength);
        e.ComplexProperty(x => x.Deidentification);
        e.HasIndex(x => new { x.ConsumerId, x.ProviderId }).IsUnique();
        e.HasIndex(x => x.ProviderId);
    }
}
