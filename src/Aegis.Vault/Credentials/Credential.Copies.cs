using Aegis.Contracts.Vault;

namespace Aegis.Vault.Credentials;

/// <summary>What happens with a credential's copy at the system that uses it.</summary>
internal sealed partial class Credential
{
    /// <summary>True when a copy of its value follows it somewhere else.</summary>
    public bool KeepsCopy { get; private set; }

    /// <summary>Says that a copy follows it from now on, or no longer.</summary>
    public void KeepCopy(bool keep) => KeepsCopy = keep;

    /// <summary>Announces that a node of a workflow uses it.</summary>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="onBehalfOf">Whom the caller did it for, or null.</param>
    public void NoteApplied(string workflowId, string node, string? onBehalfOf) =>
        Raise(new CredentialApplied(Id, Name, $"{workflowId}/{node}", onBehalfOf, Owner));

    /// <summary>Announces what a comparison with the provider's list found.</summary>
    public void NoteSynced(IReadOnlyList<string> changes) => Raise(new CredentialSynced(Id, Name, changes, Owner));
}
