using Aegis.Kernel.Web.Callers;

namespace Aegis.Contracts.Identity;

/// <summary>
/// Asks whether a person in a browser has signed in lately, and records what only such a person may do outside of the modules.
/// </summary>
public interface IRecentSignIn
{
    /// <summary>True while the last sign-in or re-authentication of the person counts for settings that survive the session.</summary>
    Task<bool> IsRecent(Caller person, CancellationToken ct);

    /// <summary>Saves the event of a change of jobs in the dashboard, before the change is made.</summary>
    /// <param name="person">Who changes them.</param>
    /// <param name="act">What is done, as the dashboard calls it, for example <c>recurring/trigger</c>.</param>
    /// <param name="jobs">Names of recurring jobs or ids of runs, as they were sent.</param>
    /// <param name="ct">Ends the save.</param>
    Task RecordJobChange(Caller person, string act, IReadOnlyList<string> jobs, CancellationToken ct);
}
