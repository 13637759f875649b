// Drives the pages in Chromium and looks at each with axe-core, in light, in dark, and on a phone.
// node pages.mjs SCENARIO '{"base","email","password","chromium","shots",…}': one JSON line for each step.
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [scenario, given] = process.argv.slice(2);
const options = JSON.parse(given);
const looks = [['light', 1280, 900], ['dark', 1280, 900], ['light', 390, 800], ['dark', 320, 700]];
const say = (name, what) => console.log(JSON.stringify({ name, ...what }));

const browser = await chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const newContext = (more = {}) => browser.newContext({ baseURL: options.base, bypassCSP: false, ...more });

/** Axe's findings and what is wider than the screen, in every look. */
async function inspect(page, name) {
  const found = [];
  for (const [colorScheme, width, height] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    const result = await page.evaluate(`(() => { ${axe}; return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }); })()`);
    for (const v of result.violations) found.push(`${colorScheme} ${width}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) found.push(`${colorScheme} ${width}: wider than the screen`);
    if (options.shots) {
      mkdirSync(options.shots, { recursive: true });
      await page.screenshot({ path: `${options.shots}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
  say(name, { title: await page.title(), path: new URL(page.url()).pathname, violations: found });
}

/** What the browser itself complains about: a broken policy or script. */
async function open(context) {
  const page = await context.newPage();
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) say('console', { error: m.text() }); });
  page.on('pageerror', (e) => say('console', { error: String(e) }));
  return page;
}

async function signIn(page, returnUrl = '/settings/api-keys') {
  await page.goto(returnUrl);
  await page.getByLabel('E-mail address').fill(options.email);
  await page.getByLabel('Password', { exact: true }).fill(options.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

function codeOf(secret, step = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 1000 / 30) + step));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

const scenarios = {
  /** Sign-in, right and wrong, and what a stranger sees. */
  async signIn() {
    const page = await open(await newContext());
    await page.goto('/settings/api-keys');
    await inspect(page, 'sign-in');
    await page.getByLabel('E-mail address').fill(options.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await inspect(page, 'sign-in-wrong');
    say('focus', { text: await page.evaluate('document.activeElement.getAttribute("role")') });
    await signIn(page);
    await inspect(page, 'keys-empty');
    await page.goto('/no/such/address');
    await page.goto('/settings/api-keys/key_none/revoke');
    await inspect(page, 'nothing');
    await page.goto('/settings');
    await inspect(page, 'account');
    await page.getByRole('link', { name: 'Change password' }).click();
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByLabel('Current password').fill(options.password);
    await page.getByLabel('New password', { exact: true }).fill('short');
    await page.getByLabel('Repeat the new password').fill('other');
    await page.getByRole('button', { name: 'Change password' }).click();
    await inspect(page, 'password-wrong');
    await page.goto('/settings/sessions');
    await inspect(page, 'sessions');
    await page.goto('/sign-out');
    await inspect(page, 'sign-out');
    await page.locator('main').getByRole('button', { name: 'Sign out' }).click();
    await inspect(page, 'signed-out');
    await page.goto('/settings');
    say('after', { path: new URL(page.url()).pathname });
  },

  /** A key: preset, adjusted, shown once, rotated, revoked; with or without script. */
  async keys() {
    const context = await newContext({ javaScriptEnabled: options.script !== false });
    if (options.script !== false) await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: options.base });
    const page = await open(context);
    await signIn(page);
    await page.getByRole('link', { name: 'New API key' }).click();
    await page.getByLabel('Name').fill('ci-pipeline');
    await page.getByLabel('90 days').check();
    await page.getByRole('radio', { name: /^Execution/ }).check();
    if (options.script === false) await page.getByRole('button', { name: 'Show the scopes of this preset' }).click();
    const box = (scope) => page.locator(`input[value="${scope}"]`);
    say('preset', { name2: await page.getByLabel('Name').inputValue(), checked: await page.locator('input[name=Scopes]:checked').count(), runs: await box('workflow:run').isChecked() });
    if (options.script !== false) await inspect(page, 'key-new');
    await box('workflow:cancel').uncheck();
    await box('webhook:read').check();
    if (options.script === false) await page.getByRole('button', { name: 'Create' }).click();
    else say('clicks', { text: await page.getByRole('button', { name: 'Create' }).evaluate((create) => {
      const stopped = [];
      window.addEventListener('submit', (event) => stopped.push(event.defaultPrevented));
      create.click();
      create.click();
      return stopped.join();
    }) });
    const key = await page.locator('#key').textContent();
    say('shown', { key });
    if (options.script !== false) {
      await page.getByRole('button', { name: 'Copy the key' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      say('copied', { key: await page.evaluate('navigator.clipboard.readText()') });
      await inspect(page, 'key-shown');
    }
    await page.getByRole('link', { name: 'I have the key' }).click();
    say('list', { shown: (await page.content()).includes(key), names: await page.locator('h2.name').allTextContents() });
    if (options.script !== false) {
      await page.locator('summary').first().click();
      await inspect(page, 'keys');
    }
    await page.getByRole('link', { name: 'Rotate' }).first().click();
    if (options.script !== false) await inspect(page, 'key-rotate');
    await page.getByRole('button', { name: 'Rotate this key' }).click();
    say('rotated', { key: await page.locator('#key').textContent() });
    await page.goto('/settings/api-keys');
    await page.getByRole('link', { name: 'Revoke' }).first().click();
    if (options.script !== false) await inspect(page, 'key-revoke');
    await page.getByRole('button', { name: 'Revoke this key' }).click();
    say('revoked', { said: await page.getByRole('status').textContent() });
    await page.getByRole('link', { name: 'Show expired and revoked keys too' }).click();
    say('all', { names: await page.locator('h2.name').allTextContents() });
    await page.goto('/settings/api-keys/new');
    await page.getByLabel('Name').fill(' ');
    await page.locator('input[name=Scopes]:checked').evaluateAll((boxes) => boxes.forEach((b) => { b.checked = false; })).catch(() => {});
    await page.getByRole('button', { name: 'Create' }).click();
    if (options.script === false) return;
    await inspect(page, 'key-new-wrong');
    await page.getByLabel('Name').fill('sent-twice');
    await box('study:read').check();
    await page.evaluate(async () => {
      const form = document.getElementById('new-key');
      await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      form.submit(); // as a second click, past the script
    });
    await page.getByRole('heading', { name: 'This key has already been made' }).waitFor();
    await inspect(page, 'key-made-already');
    await page.getByRole('link', { name: 'Rotate this key' }).click();
    say('twice', { text: await page.locator('h1').textContent() });
  },

  /** The code of a program: typed or followed, then approved, denied, or too late. */
  async device() {
    const page = await open(await newContext());
    await signIn(page, '/realms/aegis-system/device');
    await inspect(page, 'device');
    await page.getByLabel('Code').fill('BCDF-0000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await inspect(page, 'device-unknown');
    for (const [code, does] of options.codes) {
      await page.goto('/realms/aegis-system/device');
      await page.getByLabel('Code').fill(code.toLowerCase().replace('-', ' '));
      await page.getByRole('button', { name: 'Continue' }).click();
      if (does === 'expired') {
        await inspect(page, 'device-expired');
        say(does, { text: await page.locator('main').innerText() });
        continue;
      }
      say('asked', { text: await page.locator('main').innerText() });
      await inspect(page, 'device-asked');
      await page.getByRole('button', { name: does, exact: true }).click();
      await inspect(page, `device-${does.toLowerCase()}`);
      say(does, { text: await page.locator('main').innerText() });
    }
  },

  /** An authenticator is set up, and asked for. */
  async authenticator() {
    const page = await open(await newContext());
    await signIn(page, '/settings/authenticator');
    await inspect(page, 'authenticator');
    await page.getByRole('button', { name: 'Show the secret' }).click();
    await inspect(page, 'authenticator-secret');
    const secret = await page.locator('dd code').textContent();
    await page.locator('svg.qr').screenshot({ path: options.qr });
    say('qr', { uri: await page.getByRole('link', { name: 'Open in an app' }).getAttribute('href') });
    await page.getByRole('textbox', { name: /^Code/ }).fill(codeOf(secret, -5));
    await page.getByRole('button', { name: 'Turn it on' }).click();
    await inspect(page, 'authenticator-wrong');
    const used = codeOf(secret); // kept: half a minute later codeOf answers with another
    await page.getByRole('textbox', { name: /^Code/ }).fill(used);
    await page.getByRole('button', { name: 'Turn it on' }).click();
    say('on', { said: await page.getByRole('status').textContent() });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page);
    await inspect(page, 'sign-in-code');
    await page.getByRole('textbox', { name: /^Code/ }).fill(used);
    await page.getByRole('button', { name: 'Sign in' }).click();
    say('replayed', { text: await page.getByRole('alert').innerText() });
    await page.getByRole('textbox', { name: /^Code/ }).fill(codeOf(secret, 1));
    await page.getByRole('button', { name: 'Sign in' }).click();
    say('in', { path: new URL(page.url()).pathname });
  },

  /** A passkey of the browser's own authenticator is made, used, renamed and removed. */
  async passkey() {
    const page = await open(await newContext());
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', { options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await signIn(page, '/settings/passkeys');
    await inspect(page, 'passkeys-none');
    await page.getByLabel('Name of the new passkey').fill('Work laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL(/done=added/);
    await inspect(page, 'passkeys');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(/api-keys/);
    say('in', { path: new URL(page.url()).pathname });
    await page.goto('/settings/passkeys');
    await page.getByLabel('Name', { exact: true }).fill('Old laptop');
    await page.getByRole('button', { name: 'Rename' }).click();
    say('renamed', { value: await page.getByLabel('Name', { exact: true }).inputValue() });
    await page.getByRole('button', { name: 'Remove the passkey Old laptop' }).click();
    say('removed', { said: await page.getByRole('status').first().textContent() });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('alert').waitFor();
    say('gone', { text: await page.getByRole('alert').innerText() });
  },

  /** Long after the sign-in what lasts asks for a proof: by passkey from a page that was open, by password from another. */
  async proof() {
    const page = await open(await newContext());
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', { options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
    await signIn(page, '/settings/passkeys');
    await page.getByLabel('Name of the new passkey').fill('Work laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL(/done=added/);
    await page.getByLabel('Name of the new passkey').fill('Another one');
    await fetch(options.later);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.waitForURL(/sign-in\/again/);
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    await inspect(page, 'again');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL(/settings\/passkeys/);
    say('by-passkey', { path: new URL(page.url()).pathname });
    await fetch(options.later);
    await page.goto('/settings/api-keys');
    await page.getByRole('link', { name: 'New API key' }).click();
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await inspect(page, 'again-wrong');
    await page.getByLabel('Password', { exact: true }).fill(options.password);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    say('by-password', { path: new URL(page.url()).pathname });
    await page.getByLabel('Name').fill('late-pipeline');
    await page.getByRole('button', { name: 'Create' }).click();
    say('made', { key: await page.locator('#key').textContent() });
  },

  /** An invited person chooses a password. */
  async invitation() {
    const page = await open(await newContext());
    await page.goto(options.invitation);
    await inspect(page, 'invitation');
    await page.getByLabel('Your name').fill('Somebody New');
    await page.getByLabel('Password', { exact: true }).fill('passwordpassword');
    await page.getByLabel('Repeat the password').fill('passwordpassword');
    await page.getByRole('button', { name: 'Set my password' }).click();
    await inspect(page, 'invitation-weak');
    await page.getByLabel('Password', { exact: true }).fill(options.password);
    await page.getByLabel('Repeat the password').fill(options.password);
    await page.getByRole('button', { name: 'Set my password' }).click();
    await signIn(page);
    say('in', { path: new URL(page.url()).pathname });
    await page.goto(options.invitation);
    await inspect(page, 'invitation-used');
  },

  /** Hangfire's dashboard: the admin of the platform looks at it and starts a job. */
  async dashboard() {
    const page = await open(await newContext());
    await signIn(page, '/hangfire');
    for (const part of ['', '/recurring', '/servers', '/jobs/failed', '/jobs/succeeded']) {
      await page.goto(`/hangfire${part}`);
      say(`dashboard${part}`, { title: await page.title(), path: new URL(page.url()).pathname, text: await page.locator('h1').first().innerText() });
      if (options.shots) {
        mkdirSync(options.shots, { recursive: true });
        await page.screenshot({ path: `${options.shots}/hangfire${part.replaceAll('/', '-')}.png`, fullPage: true });
      }
    }
    await page.goto('/hangfire/recurring?count=100');
    await page.getByRole('row', { name: options.job }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Trigger now' }).click();
    await page.waitForFunction((job) => fetch('/hangfire/jobs/succeeded?count=500').then((r) => r.text()).then((t) => t.includes(job)), options.job, { timeout: 30000, polling: 500 });
    say('triggered', { path: new URL(page.url()).pathname });
  },

  /** The page of a claim. */
  async claim() {
    const page = await open(await newContext());
    await page.goto(options.claim);
    await inspect(page, 'claim');
    await page.getByRole('button').first().click();
    await inspect(page, 'claim-shown');
  },
};

try {
  await scenarios[scenario]();
} catch (e) {
  console.error(e);
  process.exitCode = 1;
} finally {
  await browser.close();
}
