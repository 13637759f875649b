namespace Aegis.Kernel.Web.Callers;

/// <summary>
/// Limits database lookups of unknown credentials per client address. The edge counts them. Authentication calls this, because callers are
/// recognized before the rate limiter knows them.
/// </summary>
public interface ILookupLimit
{
    /// <summary>The refusal when no lookup is allowed for this call now, or null.</summary>
    RefusedException? Refusal(HttpContext context);

    /// <summary>Counts a credential that does not exist.</summary>
    void Failed(HttpContext context);
}
