namespace Aegis.Kernel.Web.Callers;

/// <summary>
/// How many credentials that this host does not remember may be looked up for one address. The edge counts; whoever looks up asks, since
/// calls are recognized before the rate limit knows whose they are.
/// </summary>
public interface ILookupLimit
{
    /// <summary>Why nothing is looked up for this call now, or null.</summary>
    RefusedException? Refusal(HttpContext context);

    /// <summary>Counts a credential that was nobody's.</summary>
    void Failed(HttpContext context);
}
