namespace Aegis.Vault.Providers.N8n;

/// <summary>Why a call to n8n failed. Each code is explained in docs/n8n.md.</summary>
internal static class N8nCode
{
    /// <summary>This version of n8n lacks the call.</summary>
    public const string VersionUnsupported = "n8n_version_unsupported";

    /// <summary>n8n has no credential with the id, or does not show it to this key.</summary>
    public const string CredentialMissing = "credential_not_in_n8n";

    /// <summary>The credential has no n8n id.</summary>
    public const string IdMissing = "provider_credential_id_missing";

    /// <summary>n8n rejects this data for a credential of this type.</summary>
    public const string DataRejected = "data_rejected";

    /// <summary>The configuration does not say which member of the n8n credential gets the value.</summary>
    public const string FieldMissing = "data_field_missing";
}
