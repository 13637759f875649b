namespace Aegis.Auth.People.OAuth;

/// <summary>Gives the holder of an API key an access token (RFC 6749 §4.4), as <c>POST /v1/auth/token</c> does.</summary>
internal sealed class ClientCredentialsGrant(OAuthClient client, PublicClients programs, KeyUses uses, TokenIssuer tokens)
{
    public const string Type = "client_credentials";

    public async Task<GrantResponse> Redeem(OAuthForm form, HttpContext http, CancellationToken ct)
    {
        if (programs.Calls(http.Request, form))
            throw new OAuthException(StatusCodes.Status400BadRequest, "unauthorized_client",
                "This program has no rights of its own. Log a person in with the device grant, or send an API key's id and the key.");

        var caller = await client.Identify(http, form, ct);
        if (caller.SessionId is not null || caller.KeyId is null) throw OAuthException.InvalidClient(); // tokens do not beget tokens
        caller = AskedScopes.Of(form).Narrow(caller);

        uses.Note(caller.KeyId!, http);
        var issued = await tokens.Issue(caller, caller.KeyId!, ct);
        return new GrantResponse(issued.AccessToken, issued.TokenType, issued.ExpiresIn, issued.Scope);
    }
}
