namespace Aegis.Sdk.Failures;

/// <summary>
/// The host refused a call. <see cref="Code"/> is stable and says why. Subclasses group the refusals that programs usually treat
/// differently.
/// </summary>
public class AegisException : Exception
{
    private readonly Problem problem;

    internal AegisException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(problem.Detail is { Length: > 0 } detail ? $"{detail} ({problem.Code})" : $"{(int)status} {problem.Code}")
    {
        (this.problem, Status, RetryAfter) = (problem, status, retryAfter);
    }

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The stable code of the refusal, such as <c>validation_failed</c>. docs/errors.md lists all codes.</summary>
    public string Code => problem.Code ?? "unknown";

    /// <summary>The kind of refusal, in words.</summary>
    public string? Title => problem.Title;

    /// <summary>An explanation for people.</summary>
    public string? Detail => problem.Detail;

    /// <summary>
    /// Validation errors by the wire name of the member. Empty unless <see cref="Code"/> is <c>validation_failed</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string[]> Errors => problem.Errors ?? [];

    /// <summary>Findings to check before a study can be sent, if they are the reason of the refusal.</summary>
    public IReadOnlyList<StudyFinding> Findings =>
        Members.TryGetValue("findings", out var found) && found.ValueKind == JsonValueKind.Array
            ? found.Deserialize(CamelCaseJson.Default.IReadOnlyListStudyFinding) ?? []
            : [];

    /// <summary>Identifies the call in the host's log.</summary>
    public string? TraceId => problem.TraceId;

    /// <summary>How long to wait before a repeat, if the host said so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Further members of the refusal, such as <c>required_permission</c> or <c>transferId</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members => problem.Members ?? [];

    /// <summary>Reads the refusal of an answer.</summary>
    internal static async Task<AegisException> FromAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken ct)
    {
        var problem = await Problem.ReadAsync(response, ct).ConfigureAwait(false);
        var wait = RetryAfterOf(response, now);
        return response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
                new AegisInvalidException(response.StatusCode, problem, wait),
            HttpStatusCode.Unauthorized => new AegisUnauthenticatedException(response.StatusCode, problem, wait),
            HttpStatusCode.Forbidden => new AegisForbiddenException(response.StatusCode, problem, wait),
            HttpStatusCode.NotFound => new AegisNotFoundException(response.StatusCode, problem, wait),
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => new AegisConflictException(response.StatusCode, problem, wait),
            HttpStatusCode.Gone => new AegisGoneException(response.StatusCode, problem, wait),
            HttpStatusCode.TooManyRequests => new AegisRateLimitedException(response.StatusCode, problem, wait),
            >= HttpStatusCode.InternalServerError => new AegisUnavailableException(response.StatusCode, problem, wait),
            _ => new AegisException(response.StatusCode, problem, wait),
        };
    }

    internal static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Another member as text, or null.</summary>
    internal string? Text(string member) => Members.TryGetValue(member, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : string.Create(CultureInfo.InvariantCulture, $"{value}")
        : null;
}
