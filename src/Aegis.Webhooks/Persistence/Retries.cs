using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Webhooks.Persistence;

/// <summary>Decides anew when a host, a receiver's answer or another call changed the same rows meanwhile: whoever calls need not know of them.</summary>
internal static class Retries
{
    private const int Most = 10; // each one that is lost means that another change of the same rows succeeded

    /// <param name="db">Forgets what it has loaded before each further try.</param>
    /// <param name="decide">Loads, changes and saves.</param>
    public static async Task<T> Again<T>(this WebhooksDb db, Func<Task<T>> decide)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                return await decide();
            }
            catch (DbUpdateException e) when (turn < Most && (e is DbUpdateConcurrencyException || e.IsDeadlock()))
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}
