import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesBelow, npm } from './installation.js';
import { program } from './processes.js';
import { medianStartUp } from './start-up.js';
import { emulatorProcess, measureServers } from './whole-commands.js';

/** Programs that people use for a part of what ours does, as npm has them now. */
const peers = ['oauth2-mock-server', '@logto/cli', 'wrangler', '@mcpjam/cli'];

/**
 * Ours beside others, in one run: the start of each, the start of the servers among them, and what it installs.
 *
 * @param {string} node path of the Node that runs them
 * @param {string} directory a temporary one, to install into
 * @returns {Promise<{ startUp: Record<string, number>, servers: object, installs: Record<string, object> }>} milliseconds,
 * bytes, packages; a peer that cannot be installed or started has a `reason` instead
 */
export async function measurePeers(node, { env, directory, runs }) {
  const installs = Object.fromEntries(
    peers.map((name) => [name, install(name, join(directory, 'peers', name))]),
  );
  const programs = { node: ['-e', '0'], 'logto-cli': [program, '--version'] };
  for (const [name, { bin }] of Object.entries(installs)) {
    if (bin === undefined) continue;
    try {
      execFileSync(node, [bin, '--version'], { env, stdio: 'ignore', timeout: 60_000 });
      programs[name] = [bin, '--version'];
    } catch {
      installs[name].reason = 'it has no --version that ends well';
    }
  }
  const mock = installs['oauth2-mock-server'];
  const servers = { 'logto-cli emulator': emulatorProcess };
  if (mock.bin !== undefined) {
    servers['oauth2-mock-server'] = {
      args: [mock.bin, '-p', '0', '-a', 'localhost'],
      addressOf: (line) => {
        const [, issuer] = /issuer is (\S+)/.exec(line) ?? [];
        return issuer && `${issuer}/.well-known/openid-configuration`;
      },
    };
  }
  return {
    startUp: medianStartUp(node, programs, env, runs),
    servers: await measureServers(node, servers, env, runs),
    installs,
  };
}

function install(name, folder) {
  try {
    npm(['install', '--prefix', folder, '--ignore-scripts', name], folder);
  } catch (error) {
    return { reason: String(error.stderr || error.message).split('\n')[0] };
  }
  const root = join(folder, 'node_modules', name);
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const path = typeof bin === 'string' ? bin : (bin?.[name.split('/').at(-1)] ?? Object.values(bin ?? {})[0]);
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  return {
    version,
    ...(path && { bin: join(root, path) }),
    bytes: bytesBelow(join(folder, 'node_modules')),
    packages: Object.keys(packages).length,
  };
}
