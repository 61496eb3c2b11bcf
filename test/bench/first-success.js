import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Provider } from 'oidc-provider/lib/provider.js';
import { defaultSeed, followSignIn, startEmulator } from '../../dist/testing.js';
import { freePort } from './journey.js';
import { program } from './processes.js';
import { median } from './start-up.js';

/**
 * From nothing to the first success, by what people do: what they type and look up, and the seconds that the program
 * takes of their time. Whoever answers here does so at once, and so does the browser.
 *
 * @param {string} node path of the Node that runs the program
 * @param {{ env: NodeJS.ProcessEnv, directory: string, rounds: number }} options
 * @returns {Promise<{ provider: string, way: string, commands: number, flags: number, values: number, enters: number, milliseconds: number }[]>}
 * `values` are looked up somewhere, `enters` take a default; the time is a median
 */
export async function measureFirstSuccess(node, { env: given, directory, rounds }) {
  // Nobody is asked in CI.
  const { CI, ...env } = given;
  const port = await freePort();
  const [logto, other] = [await startLogto(port), await startOther(port)];
  try {
    const rows = [];
    for (const way of waysOf({ logto, other, port })) {
      const times = [];
      for (let round = 0; round < rounds; round += 1) {
        const home = mkdtempSync(join(directory, 'first-'));
        times.push(
          await way.run({
            node,
            home,
            env: { ...env, LOGTO_CLI_HOME: home, LOGTO_CLI_STORAGE: 'file', ...way.variables },
          }),
        );
        rmSync(home, { recursive: true, force: true });
      }
      const { run, variables, ...row } = way;
      rows.push({ ...row, milliseconds: median(times) });
    }
    return rows;
  } finally {
    await logto.close();
    await other.close();
  }
}

/** Each way, with what it costs and how it goes. Where the port is said, a person would have the default. */
function waysOf({ logto, other, port }) {
  const back = ['--port', String(port), '--no-browser'];
  const ofEmulator = async (means, work) => {
    const own = await freePort();
    const emulator = await startedEmulator(means, own, port);
    try {
      return emulator.milliseconds + (await work(`http://localhost:${own}`));
    } finally {
      emulator.child.kill('SIGINT');
      await once(emulator.child, 'close');
    }
  };
  const native = 'emulator-native';
  const emulator = { provider: 'emulator' };
  return [
    {
      ...emulator,
      way: 'emulator; sign-in with flags',
      ...{ commands: 2, flags: 2, values: 2, enters: 0 },
      run: (means) =>
        ofEmulator(means, (endpoint) =>
          signedIn(means, ['sign-in', '--endpoint', endpoint, '--app-id', native, ...back], [], visitLogto),
        ),
    },
    {
      ...emulator,
      way: 'emulator; init',
      ...{ commands: 2, flags: 0, values: 0, enters: 3 },
      run: (means) =>
        ofEmulator(means, (endpoint) => {
          // The address that a person would have by default.
          const env = { ...means.env, LOGTO_ENDPOINT: endpoint };
          return signedIn({ ...means, env }, ['init', ...back], ['', '', ''], visitLogto);
        }),
    },
    {
      ...emulator,
      way: 'init --emulator',
      ...{ commands: 1, flags: 1, values: 0, enters: 0 },
      run: async (means) =>
        signedIn(means, ['init', '--emulator', '--endpoint', `http://localhost:${await freePort()}`], []),
    },
    ...[
      {
        title: 'Logto (emulated)',
        at: logto,
        name: '--endpoint',
        answers: [logto.address, logto.appId, ''],
        visit: visitLogto,
      },
      {
        title: 'another provider',
        at: other,
        name: '--issuer',
        answers: [other.address, other.appId, ''],
        visit: visitOther,
      },
    ].flatMap(({ title, at, name, answers, visit }) => {
      const set = [name, at.address, '--app-id', at.appId];
      return [
        {
          provider: title,
          way: 'profile set; sign-in',
          ...{ commands: 2, flags: 2, values: 2, enters: 0 },
          run: async (means) =>
            (await signedIn(means, ['profile', 'set', 'default', ...set], [])) +
            (await signedIn(means, ['sign-in', ...back], [], visit)),
        },
        {
          provider: title,
          way: 'init',
          ...{ commands: 1, flags: 0, values: 2, enters: answers.filter((answer) => answer === '').length },
          run: (means) => signedIn(means, ['init', ...back], answers, visit),
        },
      ];
    }),
  ];
}

/**
 * Runs a command on a terminal, answers each question as soon as it is asked, and opens the address that is shown.
 *
 * @returns {Promise<number>} milliseconds
 */
async function signedIn({ node, env }, args, answers, visit) {
  const quoted = [node, program, ...args].map((word) => `'${word}'`).join(' ');
  const started = performance.now();
  const child = spawn('script', ['-qefc', `stty cols 500; ${quoted}`, '/dev/null'], {
    env: { ...env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/sh' },
  });
  const left = [...answers];
  let said = '';
  let answered = 0;
  let hasGone = visit === undefined;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (left.length > 0 && /(?:: |\[Y\/n\] )$/.test(said.slice(answered))) {
      answered = said.length;
      child.stdin.write(`${left.shift()}\r`);
    }
    const [address] = /^https?:\/\/\S+[?&]code_challenge=\S+(?=\r?\n)/m.exec(said) ?? [];
    if (hasGone || address === undefined) return;
    hasGone = true;
    visit(address).catch((error) => {
      said += String(error);
      child.kill();
    });
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || left.length > 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
  return performance.now() - started;
}

/** Starts `logto-cli emulator`, until it says that it is there. */
async function startedEmulator({ node, env }, own, port) {
  const started = performance.now();
  const uris = [
    '--redirect-uri',
    `http://localhost:${port}/callback`,
    '--post-logout-redirect-uri',
    `http://localhost:${port}/`,
  ];
  const child = spawn(node, [program, 'emulator', '--port', String(own), ...uris], { env });
  for await (const chunk of child.stdout) if (String(chunk).includes('Ctrl-C')) break;
  return { child, milliseconds: performance.now() - started };
}

/** A Logto in which somebody has registered an application, and not the emulator as it is known. */
async function startLogto(port) {
  const appId = 'w5v3k8q2n7x1m4c9b6z0d';
  const uris = {
    redirectUris: [`http://localhost:${port}/callback`],
    postLogoutRedirectUris: [`http://localhost:${port}/`],
  };
  const applications = [{ type: 'Native', appId, ...uris }];
  const emulator = await startEmulator({ seed: { ...defaultSeed(), applications } });
  return { address: emulator.endpoint, appId, close: () => emulator.close() };
}

async function visitLogto(authorizationUrl) {
  const fetchOnce = (url, init) => fetch(url, { ...init, redirect: 'manual' });
  const [{ username, password }] = defaultSeed().users;
  const callbackUrl = await followSignIn({ authorizationUrl, username, password, fetch: fetchOnce });
  await (await fetch(callbackUrl)).text();
}

/** The engine as it comes, with its own pages. */
async function startOther(port) {
  const own = await freePort();
  const address = `http://localhost:${own}`;
  const appId = 'public-application';
  // It warns of what is for development, as all of this is.
  const { warn } = console;
  console.warn = () => {};
  const provider = new Provider(address, {
    clients: [
      {
        client_id: appId,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [`http://localhost:${port}/callback`],
        post_logout_redirect_uris: [`http://localhost:${port}/`],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    cookies: { keys: ['of-a-benchmark'] },
    // Each default that it is left with is told on the console.
    ttl: { AccessToken: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    renderError: (ctx, { error }) => {
      ctx.body = error;
    },
  });
  console.warn = warn;
  const server = provider.listen(own, 'localhost');
  await once(server, 'listening');
  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address, appId, close };
}

/** A browser that sends whatever form it meets, with a name and a password where there is room for them. */
async function visitOther(authorizationUrl) {
  const cookies = new Map();
  let next = { url: authorizationUrl };
  while (next !== null) {
    const { url, body } = next;
    const response = await fetch(url, {
      ...(body && { method: 'POST', body }),
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(text) ?? [];
    if (location !== null) next = { url: new URL(location, url).href };
    else if (action === undefined) next = null;
    else {
      const fields = [...text.matchAll(/<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?/g)];
      const filled = fields.map(([, name, value = 'somebody']) => [name, value]);
      next = { url: new URL(action, url).href, body: new URLSearchParams(filled) };
    }
  }
}
