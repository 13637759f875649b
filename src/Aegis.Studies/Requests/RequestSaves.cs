namespace Aegis.Studies.Requests;

/// <summary>Saves one item of a batch, unless another host changed it first; the revision decides.</summary>
internal static class RequestSaves
{
    public static async Task SaveUnlessTaken(this StudiesDb db, StudyRequest request, ILogger log, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            Log.RequestTaken(log, request.Id);
        }

        db.ChangeTracker.Clear();
    }
}
