using System.Text.Json.Serialization;
using Aegis.Sdk.Authentication;
using Aegis.Sdk.Vault;

namespace Aegis.Sdk.Calls;

/// <summary>What is written in snake_case: tokens and the vault.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExchangedToken))]
[JsonSerializable(typeof(CredentialList))]
[JsonSerializable(typeof(Credential))]
[JsonSerializable(typeof(CreateCredential))]
[JsonSerializable(typeof(CreatedCredential))]
[JsonSerializable(typeof(UpdatedCredential))]
[JsonSerializable(typeof(RetiredCredential))]
[JsonSerializable(typeof(CredentialValue))]
[JsonSerializable(typeof(SetCredentialValue))]
[JsonSerializable(typeof(CredentialValueSet))]
[JsonSerializable(typeof(ApplyCredential))]
[JsonSerializable(typeof(AppliedCredential))]
[JsonSerializable(typeof(RotateCredential))]
[JsonSerializable(typeof(CredentialRotation))]
[JsonSerializable(typeof(RollBackCredential))]
[JsonSerializable(typeof(RolledBackCredential))]
[JsonSerializable(typeof(TestedCredential))]
[JsonSerializable(typeof(CredentialProviderConfig))]
[JsonSerializable(typeof(ServiceHealth))]
[JsonSerializable(typeof(HealthDashboard))]
[JsonSerializable(typeof(ExpiringCredentials))]
[JsonSerializable(typeof(CheckedCredentials))]
[JsonSerializable(typeof(SyncedCredentials))]
[JsonSerializable(typeof(RotationSchedule))]
[JsonSerializable(typeof(VaultLog))]
[JsonSerializable(typeof(ProviderCatalogue))]
[JsonSerializable(typeof(ConnectionList))]
[JsonSerializable(typeof(VaultConnection))]
[JsonSerializable(typeof(SetConnection))]
[JsonSerializable(typeof(SearchLeak))]
[JsonSerializable(typeof(LeakMatches))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(RotationPage))]
internal sealed partial class SnakeCaseJson : JsonSerializerContext;
