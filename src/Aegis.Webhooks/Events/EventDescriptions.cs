namespace Aegis.Webhooks.Events;

/// <summary>
/// Events that leave the installation, each described in a sentence. An event that is not listed here is never published.
/// </summary>
internal static class EventDescriptions
{
    public static readonly IReadOnlyDictionary<string, string> ByName = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["request.created"] = "A consumer asked a provider for a study.",
        ["request.accepted"] = "The provider will answer the request.",
        ["request.fulfilled"] = "The provider answered the request with a study.",
        ["request.declined"] = "The provider declined the request.",
        ["request.cancelled"] = "The consumer cancelled the request.",
        ["request.expired"] = "Nobody answered the request in time.",
        ["request.details_shredded"] = "The patient details of the request are destroyed.",
        ["transfer.ready"] = "A study can be opened.",
        ["transfer.opened"] = "The consumer requested a link to the content.",
        ["transfer.delivered"] = "The content was viewed for the first time. This event occurs once for a transfer.",
        ["transfer.viewed"] = "The content was viewed.",
        ["transfer.acknowledged"] = "The consumer confirmed what it received.",
        ["transfer.disputed"] = "What was declared, served and received does not match.",
        ["transfer.dispute_resolved"] = "A dispute was resolved.",
        ["transfer.suspended"] = "The content cannot be opened while the partnership is suspended.",
        ["transfer.resumed"] = "The content can be opened again.",
        ["transfer.destroying"] = "The key is destroyed; the content can no longer be opened.",
        ["transfer.destroyed"] = "The stored bytes are deleted too and the certificate is complete.",
        ["credential.created"] = "A credential was registered.",
        ["credential.updated"] = "The details of a credential changed.",
        ["credential.value_set"] = "A credential was given a new value manually.",
        ["credential.retired"] = "A credential was retired.",
        ["credential.restored"] = "A retired credential was restored.",
        ["credential.rotation_started"] = "A rotation was started.",
        ["credential.rotated"] = "A credential has a new value.",
        ["credential.old_value_ended"] = "The previous value no longer works at the provider.",
        ["credential.rotation_failed"] = "A rotation failed. A person must check it.",
        ["credential.rolled_back"] = "An earlier value is current again.",
        ["credential.tested"] = "A credential was tested.",
        ["credential.expiring"] = "A credential expires soon.",
        ["credential.expired"] = "A credential has expired.",
        ["credential.applied"] = "A workflow now uses the credential.",
        ["credential.synced"] = "A credential was compared with its provider's list.",
        ["credential.copy_changed"] = "A copy of the credential was added to, or removed from, automatic updates.",
        ["credential.copied"] = "A copy was given this version's value.",
        ["credential.copy_failed"] = "A copy still has an old value. A person must check it.",
        ["webhook.enabled"] = "An endpoint answered its ping.",
        ["webhook.failing"] = "An endpoint failed for one or three days; after five it is disabled.",
        ["webhook.disabled"] = "An endpoint was disabled. Nothing more is sent to it.",
    };
}
