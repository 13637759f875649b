namespace Aegis.Studies.Metering;

/// <summary>Reads from a stored study what its transfer lacks, because release 0.1.0 took it in.</summary>
internal sealed class ViewRules(SealedContent contents, ILogger<ViewRules> log)
{
    /// <param name="transfer">Loaded with its key.</param>
    /// <param name="ct">Ends it early.</param>
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
