using Aegis.Auth.Sessions.Risk;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Aegis.Kernel.Sealing;
using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Auth.Sessions;

/// <summary>What Aegis knows about the use of one access token. Its id is the token's <c>sid</c>, and it ends with the token.</summary>
internal sealed class Session : Entity
{
    private Session()
    {
    }

    private Session(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    public string KeyId { get; private set; } = "";

    /// <summary>How the user proved who it is, in the client's words.</summary>
    public string? AuthMethod { get; private set; }

    /// <summary><see cref="ConnectionFacts"/>, sealed.</summary>
    public byte[] SealedFacts { get; private set; } = [];

    /// <summary>The highest risk that was found.</summary>
    public int RiskScore { get; private set; }

    /// <summary>Why, as <c>reason:points</c>.</summary>
    public List<string> RiskReasons { get; private set; } = [];

    /// <summary>True until the user proves itself once more.</summary>
    public bool StepUpRequired { get; private set; }

    public DateTimeOffset? SteppedUpAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its token ends.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsOver(DateTimeOffset now) => EndedAt is not null || ExpiresAt <= now;

    public static Session Start(Caller caller, string? authMethod, byte[] sealedFacts, RiskAssessment risk, int stepUpAt, DateTimeOffset now)
    {
        var session = new Session(caller.SessionId!)
        {
            OrganizationId = caller.OrganizationId,
            UserId = caller.UserId!,
            KeyId = caller.KeyId!,
            AuthMethod = authMethod,
            SealedFacts = sealedFacts,
            CreatedAt = now,
            ExpiresAt = caller.ExpiresAt!.Value,
        };
        session.Take(risk, stepUpAt);
        session.Raise(new SessionCreated(session.Id, session.UserId, risk.Score, session.StepUpRequired, [session.OrganizationId]));
        return session;
    }

    /// <summary>A session that ends with its beginning: its token was revoked before anything was known of its use.</summary>
    public static Session Revoked(Caller owner, byte[] sealedFacts, DateTimeOffset now)
    {
        var session = Start(owner, authMethod: null, sealedFacts, RiskAssessment.None, stepUpAt: int.MaxValue, now);
        session.End(now);
        return session;
    }

    /// <summary>Takes newer facts. They can ask for a step-up, also once more; they never lift one.</summary>
    public void Reassess(string? authMethod, byte[] sealedFacts, RiskAssessment risk, int stepUpAt)
    {
        AuthMethod = authMethod;
        SealedFacts = sealedFacts;
        Take(risk, stepUpAt);
        Raise(new SessionReassessed(Id, UserId, risk.Score, StepUpRequired, [OrganizationId]));
    }

    /// <summary>Gives the session its scopes back; the user's one-time code was right.</summary>
    public void StepUp(DateTimeOffset now)
    {
        RefuseIfOver(now);
        if (!StepUpRequired)
            throw Refuse.Conflict("step_up_not_required", "This session needs no step-up.");

        StepUpRequired = false;
        SteppedUpAt = now;
        Raise(new SessionSteppedUp(Id, UserId, [OrganizationId]));
    }

    /// <summary>Ends it: its token no longer works.</summary>
    public void End(DateTimeOffset now)
    {
        RefuseIfOver(now);
        EndedAt = now;
        Raise(new SessionEnded(Id, UserId, [OrganizationId]));
    }

    public static SealedFor Subject(string id) => new("sessions", id);

    private void RefuseIfOver(DateTimeOffset now)
    {
        if (IsOver(now))
            throw Refuse.Conflict("session_already_ended", "This session has ended. Get a new token and create another one.");
    }

    private void Take(RiskAssessment risk, int stepUpAt)
    {
        if (risk.Score >= stepUpAt)
        {
            StepUpRequired = true;
            SteppedUpAt = null;
        }

        if (risk.Score < RiskScore) return;
        RiskScore = risk.Score;
        RiskReasons = [.. risk.Reasons.Select(r => $"{r.Reason}:{r.Points}")];
    }
}

internal sealed class SessionMap : IEntityTypeConfiguration<Session>
{
    public const int FactsLength = 4000; // all members at their longest take 3,000 bytes

    public void Configure(EntityTypeBuilder<Session> e)
    {
        e.ToTable("sessions").HasKey(x => x.Id);
        e.Property(x => x.OrganizationId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.UserId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.KeyId).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.AuthMethod).HasMaxLength(CreateSessionLimits.AuthMethod);
        e.Property(x => x.SealedFacts).HasMaxLength(FactsLength).IsSealed(Session.Subject);
        e.PrimitiveCollection(x => x.RiskReasons).HasMaxLength(400);
        e.HasIndex(x => new { x.UserId, x.Id });
        e.HasIndex(x => x.ExpiresAt);
    }
}
