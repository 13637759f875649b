using Aegis.Kernel.Web.Callers;

namespace Aegis.Contracts.Identity;

/// <summary>Checks for a recent sign-in in the browser, and records actions outside the modules that require one.</summary>
public interface IRecentSignIn
{
    /// <summary>True while the last sign-in or re-authentication is recent enough for settings that survive the session.</summary>
    Task<bool> IsRecent(Caller person, CancellationToken ct);

    /// <summary>Saves the event of a job change in the dashboard, before the change is made.</summary>
    /// <param name="person">The admin.</param>
    /// <param name="act">The change as the dashboard names it, for example <c>recurring/trigger</c>.</param>
    /// <param name="jobs">Names of recurring jobs or run ids, as sent.</param>
    /// <param name="ct">Cancels.</param>
    Task RecordJobChange(Caller person, string act, IReadOnlyList<string> jobs, CancellationToken ct);
}
