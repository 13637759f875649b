namespace Aegis.Tests.Rights;

/// <summary>
/// All routes that change something, by whether they can make a credential or widen access. A new route is in neither list, so the sweep
/// fails.
/// </summary>
internal static class MintingRoutes
{
    /// <summary>Routes that the sweep calls as each kind of narrowed caller.</summary>
    public static readonly HashSet<string> Mint =
    [
        "POST v1/auth/keys",
        "POST v1/auth/keys/{id}/rotate",
        "POST v1/auth/token",
        "POST realms/aegis-system/protocol/openid-connect/token",
        "POST realms/aegis-system/protocol/openid-connect/auth/device",
        "POST v1/auth/totp",
        "POST v1/auth/totp/confirm",
        "DELETE v1/auth/users/{id}/totp",
        "POST v1/auth/sessions/{id}/step-up",
        "POST aegis.v1.IdentityGatewayService/CreateSession",
        "POST v1/users",
        "PATCH v1/users/{id}",
        "POST v1/users/{id}/invitation",
        "POST v1/applications/{id}/approve",
        "POST v1/applications/{id}/claim",
        "POST v1/partnerships",
        "POST v1/partnerships/{id}/approve",
        "POST v1/partnerships/{id}/resume",
        "PUT v1/partnerships/{id}/baa",
        "POST v1/webhooks",
        "PATCH v1/webhooks/{id}",
        "POST v1/webhooks/{id}/rotate-secret",
        "POST v1/transfers/{id}/open",
        "POST v1/requests",
    ];

    /// <summary>Routes that make no credential and widen no access, with the reason.</summary>
    public static readonly Dictionary<string, string> MintNothing = new()
    {
        ["POST v1/applications"] = "anonymous; the status token shows the application that was just sent",
        ["POST v1/applications/{id}/review"] = "a state of the application",
        ["POST v1/applications/{id}/reject"] = "a state of the application",
        ["POST claim/{token}"] = "the token in the path is the credential and is used up",
        ["POST v1/auth/keys/report-leak"] = "ends the key in the body",
        ["DELETE v1/auth/keys/{id}"] = "ends",
        ["DELETE v1/auth/sessions/{id}"] = "ends",
        ["DELETE v1/users/{id}"] = "ends",
        ["POST v1/auth/signing-keys/rotate"] = "signs what the token endpoints decide",
        ["POST realms/aegis-system/protocol/openid-connect/revoke"] = "ends",
        ["POST realms/aegis-system/protocol/openid-connect/token/introspect"] = "reads",
        ["POST v1/partnerships/{id}/decline"] = "ends the proposal",
        ["POST v1/partnerships/{id}/withdraw"] = "ends the proposal",
        ["POST v1/partnerships/{id}/suspend"] = "removes access",
        ["POST v1/requests/{id}/accept"] = "a state of the request",
        ["POST v1/requests/{id}/decline"] = "a state of the request",
        ["POST v1/requests/{id}/cancel"] = "a state of the request",
        ["POST v1/requests/{id}/fulfill"] = "sends to the consumer of the request",
        ["POST v1/transfers/{id}/acknowledge"] = "a state of the transfer",
        ["POST v1/transfers/{id}/dispute"] = "a state of the transfer",
        ["POST v1/transfers/{id}/resolve"] = "a state of the transfer",
        ["POST v1/transfers/{id}/destroy"] = "ends",
        ["DELETE v1/webhooks/{id}"] = "ends",
        ["DELETE v1/webhooks/{id}/previous-secret"] = "ends",
        ["POST v1/webhooks/{id}/test"] = "sends a sample to the present address",
        ["POST v1/webhooks/deliveries/{id}/replay"] = "repeats what was sent there",
        ["POST v1/webhooks/{id}/replay"] = "repeats what was sent there",
        ["POST v1/credentials"] = "the caller sends the value",
        ["PATCH v1/credentials/{name}"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["DELETE v1/credentials/{name}"] = "ends",
        ["PUT v1/credentials/{name}/value"] = "the caller sends the value",
        ["POST v1/credentials/{name}/rotate"] = "the new value is not shown",
        ["POST v1/credentials/{name}/restore"] = "the value is not shown, and copies stay off",
        ["POST v1/credentials/{name}/rollback"] = "the old value is not shown",
        ["POST v1/credentials/{name}/apply"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["PUT v1/credentials/{name}/n8n-copy"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["PATCH v1/credentials/{name}/n8n-copy"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["DELETE v1/credentials/{name}/n8n-copy"] = "ends",
        ["POST v1/credentials/{name}/test"] = "reads",
        ["POST v1/credentials/search-leak"] = "reads",
        ["POST v1/health/check-all"] = "reads",
        ["POST v1/sync/n8n"] = "writes only where a copy exists",
        ["POST v1/sync/n8n/scan"] = "reads",
        ["PUT v1/vault/connections/{kind}"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["PATCH v1/vault/connections/{kind}"] = "sending values elsewhere needs secret:read; see the vault's tests",
        ["DELETE v1/vault/connections/{kind}"] = "ends",
    };
}
