// Calls the identity gateway with connect-node and code generated from its .proto; prints one JSON line per call.
// Usage: node connect.mjs BASE_URL TOKEN KEY json|proto
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { compressionGzip, createConnectTransport } from "@connectrpc/connect-node";
import { IdentityGatewayService } from "./generated/aegis/v1/identity_gateway_pb.js";
import { BadRequestSchema, ErrorInfoSchema } from "./generated/google/rpc/error_details_pb.js";

const [baseUrl, token, key, format] = process.argv.slice(2);

const seen = [];
const client = (options = {}) =>
  createClient(
    IdentityGatewayService,
    createConnectTransport({
      baseUrl,
      httpVersion: "1.1",
      useBinaryFormat: format === "proto",
      interceptors: [
        (next) => async (request) => {
          const response = await next(request);
          seen.push(response.header.get("content-type"), response.header.get("content-encoding"));
          return response;
        },
      ],
      ...options,
    }),
  );

const bearer = (credential) => ({ headers: { Authorization: `Bearer ${credential}` } });

async function call(name, request, options, using = client()) {
  seen.length = 0;
  try {
    const answer = await using.createSession(request, options);
    print({
      name, sessionId: answer.sessionId, seconds: Number(answer.expiresInSeconds), secondsType: typeof answer.expiresInSeconds,
      stepUpRequired: answer.stepUpRequired, contentType: seen[0], contentEncoding: seen[1],
    });
  } catch (raised) {
    const error = ConnectError.from(raised);
    print({
      name, code: Code[error.code], message: error.rawMessage,
      reason: error.findDetails(ErrorInfoSchema)[0]?.reason ?? null,
      domain: error.findDetails(ErrorInfoSchema)[0]?.domain ?? null,
      violations: error.findDetails(BadRequestSchema).flatMap((d) => d.fieldViolations.map((v) => v.field)),
    });
  }
}

const print = (line) => console.log(JSON.stringify(line));

const request = {
  deviceId: "laptop", authMethod: "password",
  riskSignal: { ip: "203.0.113.7", countryCode: "DE", riskScore: 12.5, latitude: 52.5, longitude: 13.4, occurredAtUnix: BigInt(Math.floor(Date.now() / 1000)) },
};

await call("plain", request, bearer(token));
await call("empty", {}, bearer(token));
await call("gzip", { ...request, deviceId: "laptop", authMethod: "a".repeat(40) }, bearer(token), client({
  sendCompression: compressionGzip, acceptCompression: [compressionGzip], compressMinBytes: 0,
}));
await call("uncompressed", request, bearer(token), client({ acceptCompression: [] }));
await call("invalid", { riskSignal: { latitude: 91, riskScore: Number.NaN } }, bearer(token));
await call("largest int64", { riskSignal: { occurredAtUnix: 9223372036854775807n } }, bearer(token));
await call("negative int64", { riskSignal: { occurredAtUnix: -9007199254740993n } }, bearer(token));
await call("deadline", request, { ...bearer(token), timeoutMs: 60_000 });
await call("no credential", request, {});
await call("key", request, bearer(key));
await call("too large", { deviceId: "x".repeat(2 * 1024 * 1024) }, bearer(token));
await call("risky", { ...request, riskSignal: { riskScore: 99 } }, bearer(token));

// A deadline that ends while the server waits for the rest of the body, told by the server and not by the client's own timer.
const slow = await fetch(`${baseUrl}/aegis.v1.IdentityGatewayService/CreateSession`, {
  method: "POST", duplex: "half",
  headers: { ...bearer(token).headers, "Content-Type": "application/json", "Connect-Protocol-Version": "1", "Connect-Timeout-Ms": "200" },
  body: new ReadableStream({ start: (body) => { body.enqueue(new TextEncoder().encode("{")); setTimeout(() => { try { body.close(); } catch { /* answered */ } }, 3000); } }),
});
print({ name: "server deadline", status: slow.status, code: (await slow.json()).code });
process.exit(0);
