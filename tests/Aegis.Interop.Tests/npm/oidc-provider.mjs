// An OpenID provider with the device flow, below /realms/aegis-system; the person who approves is played through its own pages.
// Usage: node oidc-provider.mjs [access token seconds]. Prints {"port"}, ends with its standard input. /approve?user_code=… and /deny?user_code=… act,
// /lifetime?seconds=… changes that of tokens from now on, /counts counts.
import http from "node:http";
import { Provider } from "oidc-provider";

let lifetime = Number(process.argv[2] ?? 900);
const mount = "/realms/aegis-system";
const counts = { issued: 0, refreshed: 0, revoked: 0, replayed: 0 };

const server = http.createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const { port } = server.address();
const origin = `http://127.0.0.1:${port}`;

const provider = new Provider(`${origin}${mount}`, {
  clients: [{
    client_id: "aegis-cli", token_endpoint_auth_method: "none", redirect_uris: [], response_types: [], application_type: "native",
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
  }],
  features: { deviceFlow: { enabled: true }, revocation: { enabled: true }, devInteractions: { enabled: true } },
  scopes: ["openid", "offline_access"],
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  ttl: { AccessToken: () => lifetime, DeviceCode: 600, RefreshToken: 86400, Grant: 86400, Session: 86400, Interaction: 600, IdToken: 900 },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ["interop"] },
});
provider.on("grant.success", (ctx) => {
  if (ctx.oidc.params.grant_type === "refresh_token") counts.refreshed++;
  else counts.issued++;
});
provider.on("grant.revoked", () => counts.replayed++);
provider.on("refresh_token.destroyed", () => counts.revoked++);

const handle = provider.callback();
server.on("request", async (request, response) => {
  const url = new URL(request.url, origin);
  if (url.pathname === "/counts") return response.end(JSON.stringify(counts));
  if (url.pathname === "/lifetime") return response.end(String((lifetime = Number(url.searchParams.get("seconds")))));
  if (url.pathname === "/approve" || url.pathname === "/deny") {
    try {
      await (url.pathname === "/approve" ? approve : deny)(url.searchParams.get("user_code"));
      return response.end("done");
    } catch (failed) {
      response.statusCode = 500;
      return response.end(String(failed.stack));
    }
  }

  if (!request.url.startsWith(mount)) return response.writeHead(404).end();
  request.originalUrl = request.url; // tells the provider where it is mounted
  request.url = request.url.slice(mount.length) || "/";
  handle(request, response);
});

// A browser with cookies and no script: follows redirects and sends the forms of the pages.
function browser() {
  const jar = new Map();
  const visit = async (address, form) => {
    const answer = await fetch(new URL(address, origin), {
      method: form ? "POST" : "GET", body: form ? new URLSearchParams(form) : undefined, redirect: "manual",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(";");
      const at = pair.indexOf("=");
      if (pair.length === at + 1) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const next = answer.headers.get("location");
    if (next) return visit(new URL(next, new URL(address, origin)).href);
    return { html: await answer.text(), address: answer.url };
  };
  return visit;
}

const fields = (html) => Object.fromEntries([...html.matchAll(/<input[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")?[^>]*>/g)].map((m) => [m[1], /value="([^"]*)"/.exec(m[0])?.[1] ?? ""]));
const target = (html) => /<form[^>]*action="([^"]+)"/.exec(html)?.[1].replaceAll("&amp;", "&");

async function approve(code) {
  const visit = browser();
  const entry = await visit(`${mount}/device?user_code=${code}`);
  let page = await visit(target(entry.html) ?? entry.address, { ...fields(entry.html), user_code: code });
  for (let step = 0; step < 6 && !page.html.includes("Sign-in Success"); step++) {
    const to = target(page.html);
    if (!to) throw new Error(page.html);
    const given = fields(page.html);
    if ("login" in given) Object.assign(given, { login: "jane", password: "x" });
    if ("user_code" in given) Object.assign(given, { user_code: code, confirm: "yes" });
    page = await visit(to, given);
  }
}

async function deny(code) {
  const visit = browser();
  const entry = await visit(`${mount}/device?user_code=${code}`);
  await visit(target(entry.html) ?? entry.address, { ...fields(entry.html), user_code: code, confirm: "yes", abort: "yes" });
}

console.log(JSON.stringify({ port }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
