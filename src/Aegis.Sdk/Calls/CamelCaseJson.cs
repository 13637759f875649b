using System.Text.Json.Serialization;
using Aegis.Sdk.Audit;
using Aegis.Sdk.Failures;
using Aegis.Sdk.Identity;
using Aegis.Sdk.Studies;
using Aegis.Sdk.Studies.Content;
using Aegis.Sdk.Webhooks;

namespace Aegis.Sdk.Calls;

/// <summary>What is written in camelCase: everything but the vault.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(CallerSession))]
[JsonSerializable(typeof(ScopeCatalogue))]
[JsonSerializable(typeof(OrganizationDetails))]
[JsonSerializable(typeof(Page<ApiKey>))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(CreateKey))]
[JsonSerializable(typeof(RotateKey))]
[JsonSerializable(typeof(ReportKey))]
[JsonSerializable(typeof(ReportedKey))]
[JsonSerializable(typeof(OneTimeCode))]
[JsonSerializable(typeof(Page<SessionEntry>))]
[JsonSerializable(typeof(Page<Partnership>))]
[JsonSerializable(typeof(ProposePartnership))]
[JsonSerializable(typeof(ApprovePartnership))]
[JsonSerializable(typeof(RenewAgreement))]
[JsonSerializable(typeof(ApplyForAccess))]
[JsonSerializable(typeof(SubmittedApplication))]
[JsonSerializable(typeof(Page<AccessApplication>))]
[JsonSerializable(typeof(ApprovedApplication))]
[JsonSerializable(typeof(RejectApplication))]
[JsonSerializable(typeof(Authenticator))]
[JsonSerializable(typeof(NewAuthenticator))]
[JsonSerializable(typeof(EnrolAuthenticator))]
[JsonSerializable(typeof(Page<SigningKey>))]
[JsonSerializable(typeof(RotateSigningKey))]
[JsonSerializable(typeof(AskForStudy))]
[JsonSerializable(typeof(Page<StudyRequest>))]
[JsonSerializable(typeof(DeclineStudy))]
[JsonSerializable(typeof(Fulfilment))]
[JsonSerializable(typeof(StudyManifest))]
[JsonSerializable(typeof(Page<InboxItem>))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(OpenedTransfer))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(SignedReceipt))]
[JsonSerializable(typeof(DestructionCertificate))]
[JsonSerializable(typeof(Page<AuditEntry>))]
[JsonSerializable(typeof(AuditProof))]
[JsonSerializable(typeof(EvidenceKeys))]
[JsonSerializable(typeof(CreateWebhook))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(Page<Webhook>))]
[JsonSerializable(typeof(RotateWebhookSecret))]
[JsonSerializable(typeof(NewWebhookSecret))]
[JsonSerializable(typeof(Page<WebhookDelivery>))]
[JsonSerializable(typeof(WebhookDeliveryDetails))]
[JsonSerializable(typeof(ReplayWebhook))]
[JsonSerializable(typeof(ReplayedDeliveries))]
[JsonSerializable(typeof(EventTypeCatalogue))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class CamelCaseJson : JsonSerializerContext;
