namespace Aegis.Sdk.Failures;

/// <summary>The request has the wrong form or content (400, 422). <see cref="AegisException.Errors"/> names the members.</summary>
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

    /// <summary>The missing scope, if that is the reason.</summary>
    public string? RequiredPermission => Text("required_permission");
}

/// <summary>The object does not exist or belongs to another organization (404).</summary>
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

/// <summary>The object was destroyed or has ended (410).</summary>
public sealed class AegisGoneException : AegisException
{
    internal AegisGoneException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>Too many calls, and waiting up to the client's limit did not help (429).</summary>
public sealed class AegisRateLimitedException : AegisException
{
    internal AegisRateLimitedException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}

/// <summary>The host failed or is unavailable (5xx), even after safe repeats.</summary>
public sealed class AegisUnavailableException : AegisException
{
    internal AegisUnavailableException(HttpStatusCode status, Problem problem, TimeSpan? retryAfter)
        : base(status, problem, retryAfter)
    {
    }
}
