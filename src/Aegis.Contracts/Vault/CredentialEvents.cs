using System.Text.Json.Serialization;

namespace Aegis.Contracts.Vault;

[Event("credential.created")]
public sealed record CredentialCreated(string ObjectId, string Name, string Provider, IReadOnlyList<string> Organizations) : IEvent;

[Event("credential.updated")]
public sealed record CredentialUpdated(
    string ObjectId, string Name, IReadOnlyList<string> Fields, IReadOnlyList<string> Organizations) : IEvent;

[Event("credential.value_set")]
public sealed record CredentialValueSet(string ObjectId, string Name, int Version, IReadOnlyList<string> Organizations) : IEvent
{
    /// <summary>True when another system has a copy that must get the new value. Not stored.</summary>
    [JsonIgnore]
    public bool HasCopy { get; init; }
}

[Event("credential.retired")]
public sealed record CredentialRetired(string ObjectId, string Name, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A retired credential is in use again, with the value of this version; 0 when it has no value.</summary>
[Event("credential.restored")]
public sealed record CredentialRestored(string ObjectId, string Name, int Version, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A rotation was recorded. Nothing has happened at the provider yet.</summary>
[Event("credential.rotation_started")]
public sealed record CredentialRotationStarted(
    string ObjectId, string Name, string RotationId, string Trigger, IReadOnlyList<string> Organizations) : IEvent;

[Event("credential.rotated")]
public sealed record CredentialRotated(
    string ObjectId, string Name, string RotationId, string Trigger, int? PreviousVersion, int NewVersion,
    IReadOnlyList<string> Organizations) : IEvent
{
    /// <summary>True when another system has a copy that must get the new value. Not stored.</summary>
    [JsonIgnore]
    public bool HasCopy { get; init; }
}

/// <summary>The previous value no longer works at the provider.</summary>
[Event("credential.old_value_ended")]
public sealed record CredentialOldValueEnded(string ObjectId, string Name, int Version, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A rotation failed and a person must look at it. The code gives the reason, without text of the provider.</summary>
[Event("credential.rotation_failed")]
public sealed record CredentialRotationFailed(
    string ObjectId, string Name, string? RotationId, string Code, IReadOnlyList<string> Organizations) : IEvent;

[Event("credential.rolled_back")]
public sealed record CredentialRolledBack(
    string ObjectId, string Name, int FromVersion, int ToVersion, IReadOnlyList<string> Organizations) : IEvent
{
    /// <summary>True when another system has a copy that must get the new value. Not stored.</summary>
    [JsonIgnore]
    public bool HasCopy { get; init; }
}

[Event("credential.tested")]
public sealed record CredentialTested(
    string ObjectId, string Name, bool Healthy, string? Code, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The credential expires sooner than its threshold.</summary>
[Event("credential.expiring")]
public sealed record CredentialExpiring(
    string ObjectId, string Name, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

[Event("credential.expired")]
public sealed record CredentialExpired(
    string ObjectId, string Name, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A workflow's node now uses the credential. <c>Target</c> is the workflow id and the node name.</summary>
[Event("credential.applied")]
public sealed record CredentialApplied(
    string ObjectId, string Name, string Target, string? OnBehalfOf, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A credential was imported from, or compared with, its provider's list.</summary>
[Event("credential.synced")]
public sealed record CredentialSynced(
    string ObjectId, string Name, IReadOnlyList<string> Changes, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Copying to a system that uses the credential was switched on or off.</summary>
[Event("credential.copy_changed")]
public sealed record CredentialCopyChanged(string ObjectId, string Name, bool Kept, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The copy at a system that uses the credential now has this version's value.</summary>
[Event("credential.copied")]
public sealed record CredentialCopied(string ObjectId, string Name, int Version, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The copy has an outdated value and a person must look at it. The code gives the reason.</summary>
[Event("credential.copy_failed")]
public sealed record CredentialCopyFailed(string ObjectId, string Name, string Code, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>An organization set the connection to one of its systems.</summary>
[Event("connection.changed")]
public sealed record ConnectionChanged(string ObjectId, string Kind, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>An organization removed the connection to one of its systems.</summary>
[Event("connection.removed")]
public sealed record ConnectionRemoved(string ObjectId, string Kind, IReadOnlyList<string> Organizations) : IEvent;
