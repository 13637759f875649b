namespace Aegis.Vault.Credentials;

/// <summary>The state of a credential as callers see it. It is computed from its times, never stored.</summary>
internal enum CredentialStatus { Active, Expiring, Expired, Retired }

/// <summary>The result of the last test at the provider.</summary>
internal enum CredentialHealth { Unknown, Healthy, Unhealthy }
