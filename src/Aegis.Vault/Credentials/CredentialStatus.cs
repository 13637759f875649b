namespace Aegis.Vault.Credentials;

/// <summary>What a caller sees of a credential's life; told from its times, so never stored.</summary>
internal enum CredentialStatus { Active, Expiring, Expired, Retired }

/// <summary>What the last try at the provider said.</summary>
internal enum CredentialHealth { Unknown, Healthy, Unhealthy }
