namespace Aegis.Contracts.Evidence;

[Event("evidence_key.created")]
public sealed record EvidenceKeyCreated(
    string ObjectId, string VerifierKey, DateTimeOffset SignsFrom, IReadOnlyList<string> Organizations) : IEvent;

[Event("evidence_key.distrusted")]
public sealed record EvidenceKeyDistrusted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;
