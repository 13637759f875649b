// An OpenID provider that signs people in for Aegis by authorization code, and a browser that plays them.
// Usage: node oidc-signin.mjs. Prints {"port"}, ends with its standard input. /configure?redirect=… registers Aegis; /sign-in?at=…&as=…&verified=… signs
// a person in at Aegis and answers {"address","status","cookies","html","asked"}: where the browser ended, and how often it was asked for a login. With &then=… it goes on there.
import http from "node:http";
import { Provider } from "oidc-provider";

const server = http.createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;
let handle;
let verified = true;

function configure(redirect) {
  const provider = new Provider(origin, {
    clients: [{ client_id: "aegis", client_secret: "a secret of the interop test", redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"] }],
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `subject of ${id}`.slice(0, 12) + id.length, email: id, email_verified: verified, name: "Jane" }) }),
    cookies: { keys: ["interop"] },
  });
  handle = provider.callback();
}

server.on("request", async (request, response) => {
  const url = new URL(request.url, origin);
  if (url.pathname === "/configure") {
    configure(url.searchParams.get("redirect"));
    return response.end("done");
  }
  if (url.pathname === "/sign-in") {
    try {
      verified = url.searchParams.get("verified") !== "false";
      return response.end(JSON.stringify(await signIn(url.searchParams.get("at"), url.searchParams.get("as"), url.searchParams.get("then"))));
    } catch (failed) {
      response.statusCode = 500;
      return response.end(String(failed.stack));
    }
  }
  handle(request, response);
});

// Cookies of each origin, no script: follows redirects and sends the forms of the pages.
async function signIn(at, as, then) {
  const jars = new Map();
  const visit = async (address, form) => {
    const host = new URL(address).origin;
    const jar = jars.get(host) ?? jars.set(host, new Map()).get(host);
    const answer = await fetch(address, {
      method: form ? "POST" : "GET", body: form ? new URLSearchParams(form) : undefined, redirect: "manual",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(";");
      const cut = pair.indexOf("=");
      if (pair.length === cut + 1) jar.delete(pair.slice(0, cut));
      else jar.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    const next = answer.headers.get("location");
    if (next) return visit(new URL(next, address).href);
    return { address, status: answer.status, html: await answer.text(), cookies: [...(jars.get(new URL(at).origin) ?? new Map()).keys()] };
  };

  let page;
  let asked = 0;
  for (const goal of [at, then].filter((a) => a)) {
    page = await visit(goal);
    for (let step = 0; step < 4 && page.address.startsWith(origin); step++) {
      const target = /<form[^>]*action="([^"]+)"/.exec(page.html)?.[1].replaceAll("&amp;", "&");
      if (!target) break;
      const fields = Object.fromEntries([...page.html.matchAll(/<input[^>]*name="([^"]+)"[^>]*>/g)].map((m) => [m[1], /value="([^"]*)"/.exec(m[0])?.[1] ?? ""]));
      if ("login" in fields) {
        Object.assign(fields, { login: as, password: "x" });
        asked++;
      }
      page = await visit(new URL(target, page.address).href, fields);
    }
  }
  return { ...page, asked };
}

console.log(JSON.stringify({ port: server.address().port }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
