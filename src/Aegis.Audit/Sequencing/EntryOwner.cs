namespace Aegis.Audit.Sequencing;

/// <summary>
/// The row by which one organization finds an entry. It omits what the organization may not see, so filters cannot be used to guess which
/// person or key of the other party acted.
/// </summary>
internal sealed class EntryOwner
{
    public const int ActionLength = 200;
    public const int NameLength = 200;
    public const int CodeLength = 10;
    public const int ClaimLength = 100;

    public string OrganizationId { get; private set; } = "";

    public long Sequence { get; private set; }

    public DateTimeOffset At { get; private set; }

    public string Kind { get; private set; } = "";

    public string Action { get; private set; } = "";

    public string? Object { get; private set; }

    public string Outcome { get; private set; } = "";

    /// <summary>Key or user that acted; null for Aegis itself and for the other party.</summary>
    public string? Subject { get; private set; }

    public string? KeyId { get; private set; }

    public string? Name { get; private set; }

    /// <summary>On whose behalf the actor claimed to act, unchecked. Null in rows of release 0.1.0 and for the other party.</summary>
    public string? OnBehalfOf { get; private set; }

    /// <summary>The columns, in the order of <see cref="Rows"/>.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["OrganizationId", "Sequence", "At", "Kind", "Action", "Object", "Outcome", "Subject", "KeyId", "Name", "OnBehalfOf"];

    /// <summary>The rows of an entry, one for each of its organizations. They serve to find it; its full text stays in its body.</summary>
    public static IEnumerable<object?[]> Rows(AuditFact fact, long sequence) =>
        fact.Organizations.Distinct(StringComparer.Ordinal).Select(organization =>
    {
        var actor = SeesAll(fact, organization) ? fact.Actor : null;
        return new object?[]
        {
            organization, sequence, fact.At.UtcTicks, fact.Kind, Cut(fact.Action, ActionLength), Cut(fact.Object, Ids.MaxLength),
            fact.Outcome,
            Cut(actor?.Subject, Ids.MaxLength), Cut(actor?.KeyId, Ids.MaxLength), Cut(actor?.Name, NameLength),
            actor is null ? null : Cut(ClaimOf(fact), ClaimLength),
        };
    });

    /// <summary>True if the organization may read the whole entry: it acted itself, or Aegis did.</summary>
    public static bool SeesAll(AuditFact fact, string organizationId) =>
        fact.Actor is null || fact.Actor.Organization == organizationId;

    /// <summary>True if the stored row equals this one, or is the same row from release 0.1.0, which had no column for the claim.</summary>
    public static bool IsStored(object?[] expected, object?[] stored) =>
        stored.SequenceEqual(expected) || (stored[^1] is null && stored.SkipLast(1).SequenceEqual(expected.SkipLast(1)));

    private static string? ClaimOf(AuditFact fact) =>
        fact.Details?.TryGetValue("onBehalfOf", out var claim) is true && claim.ValueKind is JsonValueKind.String
            ? claim.GetString()
            : null;

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}

/// <summary>
/// Pages of an organization are ranges of the primary key. Object, key, user and action each have an index in sequence order. The index by
/// time serves <c>from</c> and <c>to</c>.
/// </summary>
internal sealed class EntryOwnerMap : IEntityTypeConfiguration<EntryOwner>
{
    public void Configure(EntityTypeBuilder<EntryOwner> e)
    {
        e.ToTable("entry_owners").HasKey(x => new { x.OrganizationId, x.Sequence });
        e.Property(x => x.Kind).HasMaxLength(EntryOwner.CodeLength);
        e.Property(x => x.Action).HasMaxLength(EntryOwner.ActionLength);
        e.Property(x => x.Object).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.Outcome).HasMaxLength(EntryOwner.CodeLength);
        e.Property(x => x.Subject).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.Name).HasMaxLength(EntryOwner.NameLength);
        e.Property(x => x.OnBehalfOf).HasMaxLength(EntryOwner.ClaimLength);
        e.HasIndex(x => new { x.OrganizationId, x.At, x.Sequence });
        e.HasIndex(x => new { x.OrganizationId, x.Object, x.Sequence });
        e.HasIndex(x => new { x.OrganizationId, x.Subject, x.Sequence });
        e.HasIndex(x => new { x.OrganizationId, x.KeyId, x.Sequence });
        e.HasIndex(x => new { x.OrganizationId, x.Action, x.Sequence });
    }
}
