// Discovers the issuer, asks about tokens and revokes them, with oauth4webapi and openid-client; prints one JSON line per step.
// Usage: node oauth.mjs ISSUER KEY_ID KEY LOGIN_TOKEN TOKEN…, with as many tokens as are revoked; LOGIN_TOKEN is a person's
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";

const [issuerText, keyId, key, loginToken, ...tokens] = process.argv.slice(2);
const issuer = new URL(issuerText);
const plainHttp = { [oauth.allowInsecureRequests]: true };
const client = { client_id: keyId };

const print = (name, facts) => console.log(JSON.stringify({ name, ...facts }));

for (const algorithm of ["oidc", "oauth2"]) {
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...plainHttp }));
  print(`metadata ${algorithm}`, { issuer: server.issuer, scopes: server.scopes_supported.length, jwksUri: server.jwks_uri });

  for (const [name, token] of [["key", tokens[0]], ["login", loginToken]]) {
    const request = new Request("https://resource.example/studies", { headers: { authorization: `Bearer ${token}` } });
    const claims = await oauth.validateJwtAccessToken(server, request, "aegis", plainHttp);
    print(`access token ${algorithm} ${name}`, { clientId: claims.client_id, jti: claims.jti, subject: claims.sub });
  }

  for (const [name, authentication] of [["basic", oauth.ClientSecretBasic(key)], ["post", oauth.ClientSecretPost(key)]]) {
    const introspect = async (token) =>
      oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, authentication, token, plainHttp));
    const revoke = async (token) =>
      oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, token, plainHttp));

    const token = tokens.shift();
    const before = await introspect(token);
    await revoke(token);
    await revoke(token);
    print(`oauth4webapi ${algorithm} ${name}`, { before, after: await introspect(token) });
  }

  for (const [name, authentication] of [["basic", openid.ClientSecretBasic(key)], ["post", openid.ClientSecretPost(key)]]) {
    const config = await openid.discovery(issuer, keyId, undefined, authentication, { algorithm, execute: [openid.allowInsecureRequests] });
    const token = tokens.shift();
    const before = await openid.tokenIntrospection(config, token, { token_type_hint: "access_token" });
    await openid.tokenRevocation(config, token);
    print(`openid-client ${algorithm} ${name}`, { before, after: await openid.tokenIntrospection(config, token) });
  }

  const wrong = oauth.ClientSecretPost(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`);
  try {
    await oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, wrong, key, plainHttp));
    print(`wrong secret ${algorithm}`, { error: "none" });
  } catch (error) {
    print(`wrong secret ${algorithm}`, {
      status: error.status ?? error.response?.status, error: error.error ?? error.code,
      challenges: error.cause?.map?.((challenge) => challenge.scheme) ?? [],
    });
  }
}
