// Drives the device grant with oauth4webapi. Usage: node device.mjs begin|finish|late ISSUER [CODES AS JSON]; prints one JSON line for each step.
import * as oauth from 'oauth4webapi'

const [phase, issuer, given] = process.argv.slice(2)
const insecure = { [oauth.allowInsecureRequests]: true }
const client = { client_id: 'aegis-cli' }
const nobody = { client_id: 'nobody' }
const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), insecure))
const say = (name, more) => console.log(JSON.stringify({ name, ...more }))

const begin = async (who = client, scope = 'openid study:read') => oauth.processDeviceAuthorizationResponse(
  as, who, await oauth.deviceAuthorizationRequest(as, who, oauth.None(), { scope }, insecure))
const redeem = async (code, who = client) => {
  const response = await oauth.deviceCodeGrantRequest(as, who, oauth.None(), code, insecure)
  const tokens = await oauth.processDeviceCodeResponse(as, who, response)
  if (tokens.id_token) await oauth.validateApplicationLevelSignature(as, response, insecure)
  return tokens
}
const refresh = async (token, who = client) => oauth.processRefreshTokenResponse(
  as, who, await oauth.refreshTokenGrantRequest(as, who, oauth.None(), token, insecure))
const other = async (type, parameters = {}) => oauth.processGenericTokenEndpointResponse(
  as, client, await oauth.genericTokenEndpointRequest(as, client, oauth.None(), type, parameters, insecure))
const refused = async (name, call) => {
  try {
    await call()
    say(name, { error: null })
  } catch (e) {
    if (e instanceof oauth.ResponseBodyError) say(name, { error: e.error, status: e.status })
    else if (e instanceof oauth.WWWAuthenticateChallengeError) say(name, { error: (await e.response.json()).error, status: e.status })
    else throw e
  }
}

if (phase === 'begin') {
  const [approved, denied, late] = [await begin(), await begin(), await begin()]
  say('codes', { approved, denied, late })
  await refused('pending', () => redeem(approved.device_code))
  await refused('too soon', () => redeem(approved.device_code))
  await refused('junk', () => redeem('junk'))
  await refused('unknown client', () => begin(nobody))
  await refused('unknown scope', () => begin(client, 'coffee:make'))
  await refused('no code', () => other('urn:ietf:params:oauth:grant-type:device_code'))
  await refused('password', () => other('password', { username: 'x', password: 'x' }))
  await refused('on its own', () => other('client_credentials'))
}

if (phase === 'finish') {
  const { approved, denied } = JSON.parse(given)
  const tokens = await redeem(approved.device_code)
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  say('tokens', { type: tokens.token_type, scope: tokens.scope, audience: claims.aud, subject: claims.sub })
  const next = await refresh(tokens.refresh_token)
  await refused('turned away', () => redeem(denied.device_code))
  const last = await refresh(next.refresh_token)
  await refused('copy', () => refresh(tokens.refresh_token))
  await refused('after the copy', () => refresh(last.refresh_token))
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, oauth.None(), last.refresh_token, insecure))
  say('revoked', {})
}

if (phase === 'late') {
  await refused('expired', () => redeem(JSON.parse(given).late.device_code))
}
