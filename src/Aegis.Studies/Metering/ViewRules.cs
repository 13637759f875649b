namespace Aegis.Studies.Metering;

/// <summary>Reads the view rule from a stored study of release 0.1.0, whose transfer has none.</summary>
internal sealed class ViewRules(SealedContent contents, ILogger<ViewRules> log)
{
    /// <param name="transfer">The transfer, loaded with its key.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="Kernel.Web.Refusals.RefusedException">content_unreadable</exception>
    public async Task<ViewRule> Read(Transfer transfer, CancellationToken ct)
    {
        try
        {
            using var reader = contents.Open(transfer);
            return await ViewRule.Read(reader, ct);
        }
        catch (Exception e) when (SealedContent.IsUnreadable(e))
        {
            Log.ContentUnreadable(log, transfer.Id, e.GetType().Name, e);
            throw SealedContent.Unreadable();
        }
    }
}
