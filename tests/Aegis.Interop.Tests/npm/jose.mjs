// Validates access tokens as a service behind Aegis does, with its own copy of the key set. Reads one JSON line per token and answers with one.
// Usage: node jose.mjs ISSUER JWKS_URI; a line is {"token": "…", "ahead": milliseconds that its clock runs ahead}
import { createInterface } from "node:readline";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, jwtVerify } from "jose";

const [issuer, jwksUri] = process.argv.slice(2);

const systemNow = Date.now;
let ahead = 0;
Date.now = () => systemNow() + ahead;

let fetches = 0;
const remote = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: (...call) => { fetches += 1; return fetch(...call); } });

// A checker that keeps the key set exactly as long as the answer allows, and has no second try for a key it does not know.
let kept = { until: 0 };
async function cached(...call) {
  if (Date.now() >= kept.until) {
    const response = await fetch(jwksUri);
    const seconds = Number(/max-age=(\d+)/.exec(response.headers.get("cache-control"))[1]);
    kept = { until: Date.now() + 1000 * seconds, keys: createLocalJWKSet(await response.json()) };
  }
  return kept.keys(...call);
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  ahead = asked.ahead;
  const expected = { issuer, audience: "aegis", typ: "at+jwt", algorithms: ["ES256"], requiredClaims: ["exp", "sub", "scope", "tenant"], currentDate: new Date(Date.now()) };
  const answer = {};
  for (const [name, keys] of [["remote", remote], ["cached", cached]]) {
    try {
      const { payload, protectedHeader } = await jwtVerify(asked.token, keys, expected);
      Object.assign(answer, { [name]: "valid", kid: protectedHeader.kid, scope: payload.scope, tenant: payload.tenant });
    } catch (error) {
      answer[name] = error.code ?? String(error);
    }
  }
  console.log(JSON.stringify({ ...answer, fetches }));
}
