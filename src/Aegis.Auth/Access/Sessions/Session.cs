using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Access.Sessions;

/// <summary>
/// What Aegis knows about the use of an access token, whose <c>sid</c> is its id. The session of an API key's token ends with that token. A
/// login of a person is a session too: it begins with the login, in a browser or for a device, and all its tokens have its id.
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

    /// <summary>The program that a person logged in with, such as <c>aegis-cli</c>; null for the token of a key.</summary>
    public string? Client { get; private set; }

    /// <summary>How the user proved who it is: in the client's words, or in those of RFC 8176 for a login.</summary>
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

    /// <summary>When the person of a login proved once more who it is; null since it began.</summary>
    public DateTimeOffset? ProvedAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When its token ends, or the last token that the login can have.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsOver(DateTimeOffset now) => EndedAt is not null || ExpiresAt <= now;

    /// <summary>True while the last proof of the person counts for what outlasts the login.</summary>
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
        session.Take(risk, stepUpAt);
        session.Raise(new SessionCreated(session.Id, session.UserId, risk.Score, session.StepUpRequired, [session.OrganizationId]));
        return session;
    }

    /// <summary>A person logs in.</summary>
    /// <param name="user">Who.</param>
    /// <param name="client">With which program.</param>
    /// <param name="methods">How it proved who it is, in words of RFC 8176 separated by blanks.</param>
    /// <param name="draw">Draws the sealed facts of the connection for an id.</param>
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
        if (Client is null) AuthMethod = authMethod; // of a login Aegis knows it itself
        SealedFacts = sealedFacts;
        Take(risk, stepUpAt);
        Raise(new SessionReassessed(Id, UserId, risk.Score, StepUpRequired, [OrganizationId]));
    }

    /// <summary>Gives the session its scopes back; the user's one-time code was right.</summary>
    public void StepUp(DateTimeOffset now)
    {
        RefuseIfOver(now);
        if (!StepUpRequired) throw Refuse.Conflict("step_up_not_required", "This session needs no step-up.");

        StepUpRequired = false;
        SteppedUpAt = now;
        Raise(new SessionSteppedUp(Id, UserId, [OrganizationId]));
    }

    /// <summary>The person proved once more who it is, with these methods in words of RFC 8176.</summary>
    public void Prove(string methods, DateTimeOffset now)
    {
        RefuseIfOver(now);
        ProvedAt = now;
        Raise(new SessionProved(Id, UserId, methods, [OrganizationId]));
    }

    /// <summary>Whoever is at the login could not.</summary>
    public void FailProof(string methods) => Raise(new SessionProofFailed(Id, UserId, methods, [OrganizationId]));

    /// <summary>The person is about to change jobs in the dashboard.</summary>
    public void RecordJobChange(string act, IReadOnlyList<string> jobs) => Raise(new JobsChanged(Id, UserId, act, jobs, [OrganizationId]));

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
        if (IsOver(now)) throw Refuse.Conflict("session_already_ended", "This session has ended. Get a new token and create another one.");
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
        e.ToTable("sessions");
        e.Property(x => x.Client).HasMaxLength(PublicClients.MaxIdLength);
        e.Property(x => x.AuthMethod).HasMaxLength(CreateSessionLimits.AuthMethod);
        e.Property(x => x.SealedFacts).HasMaxLength(FactsLength).IsSealed(Session.Subject);
        e.PrimitiveCollection(x => x.RiskReasons).HasMaxLength(400);
        e.HasIndex(x => new { x.UserId, x.Id });
        e.HasIndex(x => x.ExpiresAt);
    }
}
