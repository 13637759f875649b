using System.Text.Json.Serialization;
using Aegis.Sdk;
using Aegis.Sdk.Audit;
using Aegis.Sdk.Authentication;
using Aegis.Sdk.Calls;
using Aegis.Sdk.Identity;
using Aegis.Sdk.Studies;
using Aegis.Sdk.Vault;
using Aegis.Sdk.Webhooks;

namespace Aegis.Tests.Sdk;

/// <summary>The client's members match docs/openapi.json, member by member.</summary>
public sealed class ContractTests
{
    private static readonly JsonElement Schemas = Document().GetProperty("components").GetProperty("schemas");

    public static TheoryData<string, Type> Camel() => new()
    {
        { "SessionResponse", typeof(CallerSession) }, { "ScopesResponse", typeof(ScopeCatalogue) },
        { "ScopeResource", typeof(ScopeResource) },
        { "Preset", typeof(ScopePreset) }, { "OrganizationResponse", typeof(OrganizationDetails) }, { "KeyResponse", typeof(ApiKey) },
        { "KeyResponsePage", typeof(Page<ApiKey>) }, { "NewKeyResponse", typeof(NewApiKey) }, { "CreateKeyRequest", typeof(CreateKey) },
        { "RotateKeyRequest", typeof(RotateKey) }, { "CreateStudyRequest", typeof(AskForStudy) },
        { "StudyRequestResponse", typeof(StudyRequest) },
        { "PatientResponse", typeof(Patient) }, { "StudyResponse", typeof(StudyDescription) }, { "AskedWindow", typeof(AskedWindow) },
        { "DeclineResponse", typeof(Decline) }, { "DeclineStudyRequest", typeof(DeclineStudy) },
        { "FulfilmentResponse", typeof(Fulfilment) },
        { "FulfilmentWarning", typeof(StudyWarning) }, { "InboxItem", typeof(InboxItem) }, { "WindowResponse", typeof(Window) },
        { "TransferResponse", typeof(Transfer) }, { "MeterResponse", typeof(Meter) }, { "DeclaredMeter", typeof(DeclaredMeter) },
        { "IngestedMeter", typeof(IngestedMeter) }, { "ServedMeter", typeof(ServedMeter) },
        { "ReceiptResponse", typeof(AcknowledgedMeter) },
        { "DisputeResponse", typeof(Dispute) }, { "OpenResponse", typeof(OpenedTransfer) }, { "AcknowledgeRequest", typeof(Receipt) },
        { "SessionItem", typeof(SessionEntry) }, { "RiskReasonItem", typeof(RiskReason) }, { "TotpRequest", typeof(OneTimeCode) },
        { "ReportLeakRequest", typeof(ReportKey) }, { "LeakResponse", typeof(ReportedKey) },
        { "SessionItemPage", typeof(Page<SessionEntry>) },
        { "PartnershipResponse", typeof(Partnership) }, { "PartnershipResponsePage", typeof(Page<Partnership>) },
        { "DeidentificationPolicy", typeof(DeidentificationOptions) },
        { "ProposePartnershipRequest", typeof(ProposePartnership) }, { "ApprovePartnershipRequest", typeof(ApprovePartnership) },
        { "RenewAgreementRequest", typeof(RenewAgreement) },
        { "SubmitApplicationRequest", typeof(ApplyForAccess) }, { "ContactBody", typeof(ApplicationContact) },
        { "EntityBody", typeof(LegalEntity) },
        { "BaaBody", typeof(SignedAgreement) }, { "AgreementEvidence", typeof(SignedAgreement) },
        { "PartnerBody", typeof(ApplicationPartner) },
        { "SubmittedResponse", typeof(SubmittedApplication) }, { "ApplicationResponse", typeof(AccessApplication) },
        { "ApplicationResponsePage", typeof(Page<AccessApplication>) },
        { "ApprovedResponse", typeof(ApprovedApplication) }, { "RejectApplicationRequest", typeof(RejectApplication) },
        { "TotpResponse", typeof(Authenticator) },
        { "TotpSecretResponse", typeof(NewAuthenticator) }, { "EnrolTotpRequest", typeof(EnrolAuthenticator) },
        { "SigningKeyResponse", typeof(SigningKey) },
        { "SigningKeyResponsePage", typeof(Page<SigningKey>) }, { "RotateSigningKeyRequest", typeof(RotateSigningKey) },
        { "SignedReceiptResponse", typeof(SignedReceipt) },
        { "AuditProof", typeof(AuditProof) }, { "UserResponse", typeof(User) }, { "UserResponsePage", typeof(Page<User>) },
        { "InviteUserRequest", typeof(InviteUser) },
        { "InvitedResponse", typeof(InvitedUser) }, { "EvidenceKeysResponse", typeof(EvidenceKeys) },
        { "EvidenceKeyResponse", typeof(EvidenceKey) },
        { "CertificateResponse", typeof(DestructionCertificate) }, { "AuditItem", typeof(AuditEntry) },
        { "AuditActor", typeof(AuditActor) },
    };

    public static TheoryData<string, Type> Snake() => new()
    {
        { "CredentialList", typeof(CredentialList) }, { "CredentialItem", typeof(CredentialItem) },
        { "CredentialDetails", typeof(Credential) },
        { "UsageStats", typeof(CredentialUse) }, { "VersionItem", typeof(CredentialVersion) },
        { "CreateCredentialRequest", typeof(CreateCredential) },
        { "CreatedCredential", typeof(CreatedCredential) }, { "UpdatedCredential", typeof(UpdatedCredential) },
        { "RetiredCredential", typeof(RetiredCredential) },
        { "RestoredCredential", typeof(RestoredCredential) }, { "RestoreRequest", typeof(RestoreCredential) },
        { "CredentialValue", typeof(CredentialValue) }, { "SetValueRequest", typeof(SetCredentialValue) },
        { "SetValueResponse", typeof(CredentialValueSet) },
        { "ApplyRequest", typeof(ApplyCredential) }, { "ApplyResponse", typeof(AppliedCredential) },
        { "RotateRequest", typeof(RotateCredential) },
        { "RollbackRequest", typeof(RollBackCredential) }, { "RotationItem", typeof(RotationEntry) },
        { "RotationItemPage", typeof(RotationPage) },
        { "RotationError", typeof(VaultError) }, { "TestResponse", typeof(TestedCredential) },
        { "TestDetails", typeof(CredentialTestDetails) },
        { "ProviderConfigResponse", typeof(CredentialProviderConfig) }, { "HealthResponse", typeof(ServiceHealth) },
        { "Dashboard", typeof(HealthDashboard) },
        { "DashboardSummary", typeof(HealthSummary) }, { "DashboardCredential", typeof(CredentialHealth) },
        { "DashboardAlert", typeof(CredentialAlert) },
        { "ExpiringResponse", typeof(ExpiringCredentials) }, { "ExpiringCredential", typeof(ExpiringCredential) },
        { "CheckAllResponse", typeof(CheckedCredentials) },
        { "CheckAllDetail", typeof(CheckedCredential) }, { "RotationSchedule", typeof(RotationSchedule) },
        { "BarredRotation", typeof(BarredRotation) }, { "CheckAllSkipped", typeof(SkippedCredentials) },
        { "ScheduledRotation", typeof(ScheduledRotation) },
        { "VaultLog", typeof(VaultLog) }, { "VaultLogItem", typeof(VaultLogEntry) }, { "ProviderList", typeof(ProviderCatalogue) },
        { "ProviderItem", typeof(ProviderDescription) }, { "ConnectionKindItem", typeof(ConnectionDescription) },
        { "ConnectionList", typeof(ConnectionList) },
        { "ConnectionItem", typeof(ConnectionState) }, { "ConnectionResponse", typeof(VaultConnection) },
        { "SetConnectionRequest", typeof(SetConnection) },
        { "SearchLeakRequest", typeof(SearchLeak) }, { "LeakSearchResponse", typeof(LeakMatches) }, { "LeakMatch", typeof(LeakMatch) },
        { "KeptCopyResponse", typeof(N8nCopy) }, { "KeepCopyRequest", typeof(KeepN8nCopy) }, { "CopyItem", typeof(N8nCredential) },
        { "CopyItemPage", typeof(N8nCredentialPage) }, { "ScanResponse", typeof(N8nScan) }, { "ScanMatch", typeof(N8nScanMatch) },
        { "SyncResponse", typeof(SyncedCredentials) }, { "NewCredential", typeof(NewlySynced) },
        { "ChangedCredential", typeof(ChangedBySync) },
    };

    [Theory]
    [MemberData(nameof(Camel))]
    public void Members_in_camel_case_match_the_contract(string schema, Type type) =>
        Members(CamelCaseJson.Default, type).Should().BeEquivalentTo(InContract(schema));

    [Theory]
    [MemberData(nameof(Snake))]
    public void Members_of_the_vault_match_the_contract(string schema, Type type) =>
        Members(SnakeCaseJson.Default, type).Should().BeEquivalentTo(InContract(schema));

    public static TheoryData<string, Type> Hooks() => new()
    {
        { "WebhookResponse", typeof(Webhook) }, { "NewWebhookResponse", typeof(NewWebhook) },
        { "NewSecretResponse", typeof(NewWebhookSecret) },
        { "DeliveryItem", typeof(WebhookDelivery) }, { "DeliveryDetails", typeof(WebhookDeliveryDetails) },
        { "AttemptItem", typeof(DeliveryAttempt) },
        { "ReplayRequest", typeof(ReplayWebhook) }, { "ReplayResponse", typeof(ReplayedDeliveries) },
        { "EventTypeItem", typeof(EventTypeDescription) },
        { "EventTypeList", typeof(EventTypeCatalogue) }, { "EventItem", typeof(AegisEvent) }, { "EventPage", typeof(EventPage) },
        { "CreateWebhookRequest", typeof(CreateWebhook) },
    };

    /// <summary>The client may know webhooks before a host does, so they are compared only when the contract has them.</summary>
    [Theory]
    [MemberData(nameof(Hooks))]
    public void Members_of_webhooks_match_the_contract(string schema, Type type)
    {
        if (Document().GetProperty("paths").TryGetProperty("/v1/webhooks", out _))
            Members(CamelCaseJson.Default, type).Should().BeEquivalentTo(InContract(schema));
    }

    [Fact]
    public void A_type_for_two_answers_has_the_members_of_both()
    {
        Members(SnakeCaseJson.Default, typeof(CredentialRotation))
            .Should().Contain(InContract("RotateResponse")).And.Contain(["rotation", "step", "next_try_at"]);
        Members(SnakeCaseJson.Default, typeof(RolledBackCredential))
            .Should().Contain(InContract("RollbackResponse")).And.Contain("rotation");
        Members(SnakeCaseJson.Default, typeof(ExchangedToken)).Should().BeSubsetOf(InContract("TokenResponse"));
        InContract("UpdateCredentialRequest").Should().BeEquivalentTo(new CredentialChanges
        {
            CredentialType = "t",
            Description = "d",
            ProviderCredentialId = "p",
            ProviderConfig = [],
            ExpiresAt = DateTimeOffset.UnixEpoch,
            RotationEnabled = true,
            RotationIntervalHours = 1,
            RotationStrategy = "manual",
            RotationCron = "c",
            RotationOverlapMinutes = 1,
            AlertThresholdHours = 1,
            Tags = [],
            Metadata = [],
        }.Sent.Select(m => m.Key));
    }

    private static IEnumerable<string> Members(JsonSerializerContext context, Type type) =>
        context.GetTypeInfo(type)!.Properties.Where(p => p.Get is not null || p.Set is not null).Select(p => p.Name);

    private static IEnumerable<string> InContract(string schema) =>
        Schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(p => p.Name);

    internal static JsonElement Document()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "docs", "openapi.json"))).RootElement;
    }
}
