// Verifies requests as receivers do. Reads one JSON line for each and answers with one: what each library says.
// A line is {"secret": "whsec_…", "headers": {…}, "body": "…", "ahead": milliseconds that the receiver's clock runs ahead}
import { createInterface } from "node:readline";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const systemNow = Date.now;
const SystemDate = Date;
let ahead = 0;
globalThis.Date = class extends SystemDate {
  constructor(...given) { super(...(given.length ? given : [systemNow() + ahead])); }
  static now() { return systemNow() + ahead; }
};

function say(Library, asked) {
  try {
    return JSON.stringify(new Library(asked.secret).verify(asked.body, asked.headers)) === JSON.stringify(JSON.parse(asked.body)) ? "valid" : "another body";
  } catch (error) {
    return error.message;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  ahead = asked.ahead ?? 0;
  console.log(JSON.stringify({ standard: say(Standard, asked), svix: say(Svix, asked) }));
}
