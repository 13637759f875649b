namespace Aegis.Webhooks.Events;

/// <summary>The events that are told outside, each in a sentence. What is not here stays inside.</summary>
internal static class EventDescriptions
{
    public static readonly IReadOnlyDictionary<string, string> ByName = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["request.created"] = "A consumer asked a provider for a study.",
        ["request.accepted"] = "The provider will answer the request.",
        ["request.fulfilled"] = "The provider answered the request with a study.",
        ["request.declined"] = "The provider declined the request.",
        ["request.cancelled"] = "The consumer took the request back.",
        ["request.expired"] = "Nobody answered the request in time.",
        ["request.details_shredded"] = "What the request said of the patient is destroyed.",
        ["transfer.ready"] = "A study can be opened.",
        ["transfer.opened"] = "The consumer asked for an address of the content.",
        ["transfer.delivered"] = "The first successful view. It happens exactly once for a transfer.",
        ["transfer.viewed"] = "The content was viewed.",
        ["transfer.acknowledged"] = "The consumer said what it received.",
        ["transfer.disputed"] = "What was received, served or declared does not agree.",
        ["transfer.dispute_resolved"] = "A dispute is settled.",
        ["transfer.suspended"] = "The content cannot be opened while the partnership rests.",
        ["transfer.resumed"] = "The content can be opened again.",
        ["transfer.destroying"] = "The key is destroyed; nothing can be opened any more.",
        ["transfer.destroyed"] = "The bytes are gone too and the certificate is complete.",
        ["credential.created"] = "A credential was registered.",
        ["credential.updated"] = "What is said of a credential changed.",
        ["credential.value_set"] = "A credential has a new value, set by hand.",
        ["credential.retired"] = "A credential is used no more.",
        ["credential.restored"] = "A retired credential is in use again.",
        ["credential.rotation_started"] = "A rotation was written down.",
        ["credential.rotated"] = "A credential has a new value.",
        ["credential.old_value_ended"] = "The value before works no more at the provider.",
        ["credential.rotation_failed"] = "A rotation did not come to its end; a person must look.",
        ["credential.rolled_back"] = "An earlier value is current again.",
        ["credential.tested"] = "A credential was tried.",
        ["credential.expiring"] = "The end of a credential is near.",
        ["credential.expired"] = "A credential has ended.",
        ["credential.applied"] = "A workflow uses the credential now.",
        ["credential.synced"] = "A credential was compared with its provider's list.",
        ["credential.copy_changed"] = "A copy follows the credential from now on, or no longer.",
        ["credential.copied"] = "A copy has this version's value.",
        ["credential.copy_failed"] = "A copy has an outdated value; a person must look.",
        ["webhook.enabled"] = "An endpoint answered its ping.",
        ["webhook.failing"] = "An endpoint failed for one or three days; after five it is disabled.",
        ["webhook.disabled"] = "Nothing is sent to an endpoint any more.",
    };
}
