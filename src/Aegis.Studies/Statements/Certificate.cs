namespace Aegis.Studies.Statements;

/// <summary>The text of a destruction certificate. It has ids, digests, counts and times, and no patient data.</summary>
internal static class Certificate
{
    /// <summary>The first line. It tells this note from all others that the evidence key signs.</summary>
    public const string Title = "aegis certificate of destruction v1";

    /// <summary>The limits of every certificate. The sentences are signed, so they must not change.</summary>
    public static readonly IReadOnlyList<string> NotCovered =
    [
        "Copies that the consumer made of what it was served.",
        "The provider's own original.",
        "Sectors that the storage remapped or snapshots that the file system or virtual machine keeps: they may hold sealed bytes, "
            + "which are unreadable without the destroyed key.",
        "Backups and transaction logs of the database made before: they may hold the sealed key, which is unreadable once the key of "
            + "its day "
            + "is destroyed, after the last transfer of that day has ended.",
    ];

    /// <param name="transfer">A destroyed transfer, loaded with its meter.</param>
    /// <param name="now">The time of the signature.</param>
    public static string TextOf(Transfer transfer, DateTimeOffset now)
    {
        var (destruction, meter) = (transfer.Destruction!, MeterResponse.From(transfer, []));
        var text = new StatementText(Title)
            .Add("transfer", transfer.Id)
            .Add("request", transfer.RequestId)
            .Add("consumer", transfer.ConsumerId)
            .Add("provider", transfer.ProviderId)
            .Add("reason", destruction.Reason.SnakeName())
            .Add("by", destruction.By.SnakeName())
            .Add("destroyed_key", destruction.KeyId)
            .Add("key_removed_at", destruction.BeganAt)
            .Add("key_erased_at", destruction.KeyErasedAt)
            .Add("bytes_deleted_at", destruction.BytesDeletedAt)
            .Add("destroyed_at", destruction.CompletedAt)
            .Add("window_start", transfer.WindowStart)
            .Add("window_end", transfer.WindowEnd)
            .Add("delivered_at", transfer.DeliveredAt)
            .Add("views", meter.Views)
            .Add("max_views", transfer.MaxViews)
            .Add("declared_instances", meter.Declared.Instances)
            .Add("declared_sha256", meter.Declared.Sha256)
            .Add("ingested_instances", meter.Ingested.Instances)
            .Add("ingested_bytes", meter.Ingested.Bytes)
            .Add("ingested_sha256", meter.Ingested.Sha256)
            .Add("served_bytes", meter.Served.Bytes)
            .Add("served_of_bytes", meter.Served.OfBytes)
            .Add("served_at_most_bytes", meter.Served.AtMostBytes)
            .Add("egress_bytes", meter.Served.EgressBytes)
            .Add("egress_at_most_bytes", meter.Served.AtMostEgressBytes)
            .Add("acknowledged_instances", meter.Acknowledged?.Instances)
            .Add("acknowledged_bytes", meter.Acknowledged?.Bytes)
            .Add("acknowledged_sha256", meter.Acknowledged?.Sha256)
            .Add("acknowledged_at", meter.Acknowledged?.At)
            .Add("audit_entry", destruction.AuditEntry)
            .Add("signed_at", now);
        foreach (var limit in NotCovered) text.Add("not_covered", limit);
        return text.ToString();
    }
}
