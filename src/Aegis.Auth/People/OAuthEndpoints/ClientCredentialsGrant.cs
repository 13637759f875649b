namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>Issues an access token for an API key (RFC 6749 §4.4), as <c>POST /v1/auth/token</c> does.</summary>
internal sealed class ClientCredentialsGrant(OAuthClient client, PublicClients programs, KeyUses uses, TokenIssuer tokens)
{
    public const string Type = "client_credentials";

    public async Task<GrantResponse> Redeem(OAuthForm form, HttpContext http, CancellationToken ct)
    {
        if (programs.Calls(http.Request, form))
            throw new OAuthException(StatusCodes.Status400BadRequest, "unauthorized_client",
                "This program has no rights without a person. Log a person in with the device grant, or send an API key's id and the key.");

        var caller = await client.Identify(http, form, ct);
        if (caller.SessionId is not null || caller.KeyId is null) throw OAuthException.InvalidClient(); // a token cannot get a new token
        caller = AskedScopes.Of(form).Narrow(caller);

        uses.Note(caller.KeyId!, http);
        var issued = await tokens.Issue(caller, caller.KeyId!, ct);
        return new GrantResponse(issued.AccessToken, issued.TokenType, issued.ExpiresIn, issued.Scope);
    }
}
