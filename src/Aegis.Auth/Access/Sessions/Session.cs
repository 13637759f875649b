using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Access.Sessions;

/// <summary>
/// What Aegis knows about the use of an access token. The token's <c>sid</c> is the id of the session. The session of an API key's token
/// ends with the token. A person's login is a session too: it starts in a browser or for a device, and all its tokens have its id.
/// <see cref="IdentityGateway"/> receives CreateSession calls, and <see cref="CreateSession"/> collects <see cref="ConnectionFacts"/>,
/// compares them with the user's <see cref="History"/> of <see cref="Sighting"/> rows by a <see cref="RiskAssessment"/>, and saves the
/// session. A high score requires a step-up; until then only reading scopes remain (<see cref="SessionState"/>).
/// <see cref="SessionStates"/> and <see cref="LoginStates"/> answer every request whether a session has ended. Changes of one session at
/// the same time fail on its revision and are tried again.
/// </summary>
internal sealed class Session : Entity
{
    public const string Prefix = "ses_";

    /// <summary>How long a person stays logged in.</summary>
    public static readonly TimeSpan LoginLifetime = TimeSpan.FromHours(24);

    private Session(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>The API key behind its token; null for a login.</summary>
    public string? KeyId { get; private set; }

    /// <summary>The program that a person logged in with, for example <c>aegis-cli</c>; null for the token of a key.</summary>
    public string? Client { get; private set; }

    /// <summary>How the user was authenticated: as the client states it, or for a login the methods of RFC 8176.</summary>
    public string? AuthMethod { get; private set; }

    /// <summary><see cref="ConnectionFacts"/>, sealed.</summary>
    public byte[] SealedFacts { get; private set; } = [];

    /// <summary>The highest score of all assessments.</summary>
    public int RiskScore { get; private set; }

    /// <summary>The reasons of that score, as <c>reason:points</c>.</summary>
    public List<string> RiskReasons { get; private set; } = [];

    /// <summary>True until the user has entered a one-time code.</summary>
    public bool StepUpRequired { get; private set; }

    public DateTimeOffset? SteppedUpAt { get; private set; }

    /// <summary>The last re-authentication of the person; null if there was none since the login.</summary>
    public DateTimeOffset? ProvedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its token expires, or the last token that the login can have.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsOver(DateTimeOffset now) => EndedAt is not null || ExpiresAt <= now;

    /// <summary>True while the last sign-in or re-authentication is recent enough for settings that outlast the login.</summary>
    public bool IsFresh(TimeSpan counts, DateTimeOffset now) => now < (ProvedAt ?? CreatedAt) + counts;

    public static Session Start(
        Caller caller, string? authMethod, byte[] sealedFacts, RiskAssessment risk, int stepUpAt, DateTimeOffset now)
    {
        var session = new Session(caller.SessionId!)
        {
            OrganizationId = caller.OrganizationId,
            UserId = caller.UserId!,
            KeyId = caller.KeyId,
            AuthMethod = authMethod,
            SealedFacts = sealedFacts,
            CreatedAt = now,
            ExpiresAt = caller.ExpiresAt!.Value,
        };
        session.ApplyRisk(risk, stepUpAt);
        session.Raise(new SessionCreated(session.Id, session.UserId, risk.Score, session.StepUpRequired, [session.OrganizationId]));
        return session;
    }

    /// <summary>Starts the login of a person.</summary>
    /// <param name="user">The person.</param>
    /// <param name="client">The program that the person logs in with.</param>
    /// <param name="methods">How the person was authenticated: methods of RFC 8176 separated by spaces.</param>
    /// <param name="draw">Returns the sealed facts of the connection for the id of the session.</param>
    /// <param name="now">Time of the login.</param>
    public static Session Login(User user, string client, string methods, Func<string, byte[]> draw, DateTimeOffset now)
    {
        var id = Ids.New("ses", now);
        var session = new Session(id)
        {
            OrganizationId = user.OrganizationId,
            UserId = user.Id,
            Client = client,
            AuthMethod = methods,
            SealedFacts = draw(id),
            CreatedAt = now,
            ExpiresAt = now + LoginLifetime,
        };
        session.Raise(new SessionCreated(id, user.Id, session.RiskScore, session.StepUpRequired, [user.OrganizationId], client));
        return session;
    }

    /// <summary>Starts a session that has already ended, for a token that was revoked before it had a session.</summary>
    public static Session Revoked(Caller owner, byte[] sealedFacts, DateTimeOffset now)
    {
        var session = Start(owner, authMethod: null, sealedFacts, RiskAssessment.None, stepUpAt: int.MaxValue, now);
        session.End(now);
        return session;
    }

    /// <summary>Updates the facts and the risk. They can require a step-up, even a second one; they never remove the requirement.</summary>
    public void Reassess(string? authMethod, byte[] sealedFacts, RiskAssessment risk, int stepUpAt)
    {
        if (Client is null) AuthMethod = authMethod; // Aegis authenticated a login itself
        SealedFacts = sealedFacts;
        ApplyRisk(risk, stepUpAt);
        Raise(new SessionReassessed(Id, UserId, risk.Score, StepUpRequired, [OrganizationId]));
    }

    /// <summary>Gives the session its scopes back after the user entered a correct one-time code.</summary>
    public void StepUp(DateTimeOffset now)
    {
        RefuseIfOver(now);
        if (!StepUpRequired) throw Refuse.Conflict("step_up_not_required", "This session needs no step-up.");

        StepUpRequired = false;
        SteppedUpAt = now;
        Raise(new SessionSteppedUp(Id, UserId, [OrganizationId]));
    }

    /// <summary>Records a re-authentication of the person by these methods of RFC 8176.</summary>
    public void Prove(string methods, DateTimeOffset now)
    {
        RefuseIfOver(now);
        ProvedAt = now;
        Raise(new SessionProved(Id, UserId, methods, [OrganizationId]));
    }

    /// <summary>Records that a re-authentication failed.</summary>
    public void FailProof(string methods) => Raise(new SessionProofFailed(Id, UserId, methods, [OrganizationId]));

    /// <summary>Records that the person changes jobs in the dashboard. Called before the change.</summary>
    public void RecordJobChange(string act, IReadOnlyList<string> jobs) => Raise(new JobsChanged(Id, UserId, act, jobs, [OrganizationId]));

    /// <summary>Ends the session: its tokens no longer work.</summary>
    public void End(DateTimeOffset now)
    {
        RefuseIfOver(now);
        EndedAt = now;
        Raise(new SessionEnded(Id, UserId, [OrganizationId]));
    }

    public static SealedFor Subject(string id) => new("sessions", id);

    private void RefuseIfOver(DateTimeOffset now)
    {
        if (IsOver(now)) throw Refuse.Conflict("session_already_ended", "This session has ended. Get a new token and create another one.");
    }

    private void ApplyRisk(RiskAssessment risk, int stepUpAt)
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
    public const int FactsLength = 4000; // the longest facts take 3,000 bytes

    public void Configure(EntityTypeBuilder<Session> e)
    {
        e.ToTable("sessions");
        e.Property(x => x.Client).HasMaxLength(PublicClients.MaxIdLength);
        e.Property(x => x.AuthMethod).HasMaxLength(CreateSessionLimits.AuthMethod);
        e.Property(x => x.SealedFacts).HasMaxLength(FactsLength).IsSealed(Session.Subject);
        e.PrimitiveCollection(x => x.RiskReasons).HasMaxLength(400);
        e.HasIndex(x => new { x.UserId, x.Id });
        e.HasIndex(x => x.ExpiresAt);
    }
}
