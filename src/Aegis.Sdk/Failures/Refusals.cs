namespace Aegis.Sdk.Failures;

/// <summary>What was sent has the wrong form or content (400, 422): <see cref="AegisException.Errors"/> names the members.</summary>
public sealed class AegisInvalidException : AegisException
{
    internal AegisInvalidException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>Key or token is missing, wrong, expired or revoked (401).</summary>
public sealed class AegisUnauthenticatedException : AegisException
{
    internal AegisUnauthenticatedException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>The caller may not do this (403).</summary>
public sealed class AegisForbiddenException : AegisException
{
    internal AegisForbiddenException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }

    /// <summary>The scope that is missing, if that is why.</summary>
    public string? RequiredPermission => Text("required_permission");
}

/// <summary>There is no such object, or it belongs to another organization (404).</summary>
public sealed class AegisNotFoundException : AegisException
{
    internal AegisNotFoundException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>The object's state does not allow it now (409, 412).</summary>
public sealed class AegisConflictException : AegisException
{
    internal AegisConflictException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>It was there and is destroyed or over (410).</summary>
public sealed class AegisGoneException : AegisException
{
    internal AegisGoneException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>Too many calls, and waiting as long as the client is allowed to did not help (429).</summary>
public sealed class AegisRateLimitedException : AegisException
{
    internal AegisRateLimitedException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>The host fails or cannot serve now (5xx), also after repeating where that is safe.</summary>
public sealed class AegisUnavailableException : AegisException
{
    internal AegisUnavailableException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}
