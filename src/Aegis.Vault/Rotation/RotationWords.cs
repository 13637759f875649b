namespace Aegis.Vault.Rotation;

/// <summary>What makes a credential due for rotation.</summary>
internal enum RotationStrategy { Manual, Scheduled, OnExpiry }

/// <summary>Why a rotation began.</summary>
internal enum RotationTrigger { Manual, Emergency, Scheduled, OnExpiry }
