namespace Aegis.Vault.Rotation;

/// <summary>What makes a credential due for rotation.</summary>
internal enum RotationStrategy { Manual, Scheduled, OnExpiry }

/// <summary>What began a rotation.</summary>
internal enum RotationTrigger { Manual, Emergency, Scheduled, OnExpiry }
