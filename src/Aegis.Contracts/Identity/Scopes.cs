namespace Aegis.Contracts.Identity;

/// <summary>
/// The names of the scopes that operations of this host require. The Auth module has the whole catalogue and the presets.
/// </summary>
public static class Scopes
{
    public const string StudyRequest = "study:request";
    public const string StudyRead = "study:read";
    public const string StudyFulfill = "study:fulfill";
    public const string StudyDecline = "study:decline";
    public const string StudyOpen = "study:open";
    public const string StudyDestroy = "study:destroy";
    public const string StudyDispute = "study:dispute";
    public const string AuditRead = "audit:read";
    public const string KeyRead = "key:read";
    public const string KeyList = "key:list";
    public const string KeyCreate = "key:create";
    public const string KeyRevoke = "key:revoke";
    public const string StackRead = "stack:read";
    public const string StackUpdate = "stack:update";
    public const string OrgRead = "org:read";
    public const string OrgWrite = "org:write";
    public const string TenantOnboard = "tenant:onboard";
    public const string CredentialList = "credential:list";
    public const string CredentialRead = "credential:read";
    public const string CredentialCreate = "credential:create";
    public const string CredentialDelete = "credential:delete";
    public const string CredentialRotate = "credential:rotate";
    public const string CredentialGrant = "credential:grant";
    public const string SecretRead = "secret:read";
    public const string SecretWrite = "secret:write";
    public const string SecretList = "secret:list";
    public const string WebhookRead = "webhook:read";
    public const string WebhookWrite = "webhook:write";
    public const string SessionAssert = "session:assert";
}
