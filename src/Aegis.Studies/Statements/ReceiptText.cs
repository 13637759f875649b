namespace Aegis.Studies.Statements;

/// <summary>The text that records what the consumer said it received, next to what was ingested.</summary>
internal static class ReceiptText
{
    /// <summary>The first line. It tells this note from all others that the evidence key signs.</summary>
    public const string Title = "aegis receipt v1";

    private const string NotCovered = "Whether the consumer holds what it acknowledged: this is its own statement, as Aegis received it.";

    /// <param name="transfer">An acknowledged transfer.</param>
    /// <param name="now">The time of the signature.</param>
    public static string TextOf(Transfer transfer, DateTimeOffset now)
    {
        var (receipt, study) = (transfer.Receipt!, transfer.Study);
        return new StatementText(Title)
            .Add("transfer", transfer.Id)
            .Add("request", transfer.RequestId)
            .Add("consumer", transfer.ConsumerId)
            .Add("provider", transfer.ProviderId)
            .Add("acknowledged_instances", receipt.Instances)
            .Add("acknowledged_bytes", receipt.Bytes)
            .Add("acknowledged_sha256", receipt.Sha256)
            .Add("acknowledged_at", receipt.At)
            .Add("ingested_instances", study.Instances)
            .Add("ingested_bytes", study.SizeBytes)
            .Add("ingested_sha256", study.Sha256)
            .Add("matches", receipt.Matches(study) ? "yes" : "no")
            .Add("audit_entry", receipt.AuditEntry)
            .Add("signed_at", now)
            .Add("not_covered", NotCovered)
            .ToString();
    }
}
