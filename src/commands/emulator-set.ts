import type { EmulatorChange, EmulatorState, EmulatorUserChange } from '../emulator/control.js';
import { ControlFiles } from '../emulator/control-file.js';
import type { EmulatorUser } from '../emulator/seed.js';
import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { isCutOff } from '../network/network-error.js';
import { isLoopbackHost } from '../oidc/issuer-url.js';
import { fields } from '../output/fields.js';
import { typedEndpoint } from '../profile/typed-address.js';
import { readNamedTextOrPipe } from '../read-file.js';
import type { CommandContext } from '../session/command-context.js';
import { shellWord } from '../shell-word.js';
import { claimChange } from './emulator-claims.js';
import { faultsOf } from './emulator-faults.js';

/** What `emulator set` is given. */
export interface EmulatorSetFlags {
  readonly endpoint: string;
  readonly fault?: readonly string[];
  readonly clearFaults?: boolean;
  readonly user?: string;
  readonly claim?: readonly string[];
  readonly users?: string;
  readonly keyStdin?: boolean;
  readonly caFile?: string;
}

/** `emulator set`. */
export async function setEmulator(context: CommandContext, flags: EmulatorSetFlags): Promise<undefined> {
  const { output } = context;
  const endpoint = endpointOf(flags.endpoint);
  const change = await changeOf(flags);
  const state = await tell(context, flags, endpoint, change);
  const ofEmulator = [
    ['emulator', endpoint],
    ['faults', faultsText(state)],
  ] as const;
  const heads = state.users.map(
    ({ username, password, id }) => [`user ${username}`, `password ${password}, ID ${id}`] as const,
  );
  const lines = fields([...ofEmulator, ...heads]);
  output.result({ endpoint, ...state }, [
    ...lines.slice(0, ofEmulator.length),
    ...state.users.flatMap((user, index) => [
      lines[ofEmulator.length + index] ?? '',
      ...fields(userRows(user), '  '),
    ]),
  ]);
  return undefined;
}

function faultsText({ faults }: EmulatorState): string {
  const named = Object.entries(faults).map(([name, value]) => `${name}=${value}`);
  return named.length === 0 ? 'none' : named.join(', ');
}

function userRows(user: EmulatorUser): [string, string][] {
  const shown = [
    'name',
    'email',
    'phone',
    'picture',
    'roles',
    'customData',
    'suspended',
    'passwordExpired',
  ] as const;
  return shown.flatMap((name): [string, string][] => {
    const value = user[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}

/** @throws LogtoError `config_invalid` for an address that no emulator has: a key goes to this machine alone */
function endpointOf(text: string): string {
  const { value } = typedEndpoint(text);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname)) return url.origin;
  throw new LogtoError(
    'config_invalid',
    'An emulator is on this machine alone.',
    'Name the address that it printed when it began, such as --endpoint http://localhost:4000.',
  );
}

async function changeOf(flags: EmulatorSetFlags): Promise<EmulatorChange> {
  const { fault, clearFaults, user, claim, users } = flags;
  if ([fault, clearFaults, user, claim, users].every((flag) => flag === undefined)) {
    throw new LogtoError(
      'usage_invalid',
      'Nothing was said that the emulator should be told.',
      'Say a fault, or a user: logto-cli emulator set --fault token=slow:5s',
    );
  }
  if (claim !== undefined && user === undefined) {
    throw new LogtoError(
      'usage_invalid',
      '--claim is about a user.',
      'Say whose claim it is: logto-cli emulator set --user alice --claim name=Alice',
    );
  }
  const listed = users === undefined ? [] : await readUsers(users);
  const claims = claimChange(claim ?? []);
  const changed = user === undefined ? listed : [...listed, { username: user, ...claims }];
  return {
    ...(clearFaults && { clearFaults }),
    ...(fault && { faults: faultsOf(fault) }),
    ...(changed.length > 0 && { users: changed }),
  };
}

/** Users in the shape of a seed: the list alone, or what `emulator --json` prints. The emulator checks each of them. */
async function readUsers(path: string): Promise<EmulatorUserChange[]> {
  const refusal = (why: string) =>
    new LogtoError(
      'config_invalid',
      `The file of --users cannot be read: ${path} (${why}).`,
      'It holds a list of users, or a seed with one: logto-cli help emulator',
    );
  const text = await readNamedTextOrPipe(path, refusal);
  try {
    const value = JSON.parse(text);
    const users: unknown = Array.isArray(value) ? value : value?.users;
    if (Array.isArray(users)) return users;
  } catch {
    throw refusal('it is not JSON');
  }
  throw refusal('it has no list of users');
}

async function tell(
  { runtime }: CommandContext,
  { keyStdin, caFile }: EmulatorSetFlags,
  endpoint: string,
  change: EmulatorChange,
): Promise<EmulatorState> {
  const left = keyStdin ? null : controlAt(runtime.directories, endpoint);
  const key = keyStdin ? (await runtime.stdin.readAll()).trim() : left?.key;
  const fetch = await runtime.fetch({ ...(caFile !== undefined && { caFile }) });
  if (key === undefined) throw await withoutKey(fetch, endpoint, runtime.interruption);
  if (!/^[\w-]{1,200}$/.test(key)) {
    throw new LogtoError(
      'config_invalid',
      'What came on standard input is no key of an emulator.',
      'Pipe in what `logto-cli emulator --json` prints as control.key.',
    );
  }
  const url = `${endpoint}/.emulator`;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url, {
    method: 'PATCH',
    headers,
    body: JSON.stringify(change),
    signal: runtime.interruption,
  }).catch((error: unknown) => {
    if (!(error instanceof LogtoError) || error.code !== 'network_unreachable') throw error;
    throw left === null ? noEmulator(endpoint) : endedEmulator(endpoint, left.pid);
  });
  const body = (await response.json().catch(() => null)) as { message?: unknown; hint?: unknown } | null;
  if (response.status === 200 && isState(body)) return body;
  if (response.status === 400 && typeof body?.message === 'string') {
    throw new LogtoError('config_invalid', body.message, String(body.hint ?? 'See logto-cli help emulator.'));
  }
  throw new LogtoError(
    'config_invalid',
    response.status === 403
      ? `The emulator at ${endpoint} has another key than this one.`
      : `What answers at ${endpoint} is no emulator that can be told anything (HTTP status ${response.status}).`,
    keyHint(endpoint),
    { status: response.status },
  );
}

function controlAt(directories: { readonly locks: string }, endpoint: string) {
  try {
    return new ControlFiles(directories.locks).read(endpoint);
  } catch (error) {
    if (error instanceof LogtoError) throw error;
    throw new LogtoError(
      'config_invalid',
      `What the emulator at ${endpoint} left for this user cannot be read: ${(error as Error).message}`,
      keyHint(endpoint),
    );
  }
}

function keyHint(endpoint: string): string {
  return `Pipe in the control.key that it printed with --json: logto-cli emulator set --endpoint ${shellWord(endpoint)} --key-stdin`;
}

/** What is wrong where no emulator has left a key for this user: whether anybody answers there says which. */
async function withoutKey(fetch: Fetch, endpoint: string, signal: AbortSignal): Promise<LogtoError> {
  try {
    await fetch(`${endpoint}/`, { signal });
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code === 'interrupted') throw error;
    // Whoever breaks a connection off is there.
    if (error.code === 'network_unreachable' && !isCutOff(error.details?.['reason']))
      return noEmulator(endpoint);
  }
  return new LogtoError(
    'config_invalid',
    `What answers at ${endpoint} is no emulator of this user.`,
    `Name the address that yours printed when it began, with --endpoint. If it is somebody else's: ${keyHint(endpoint)}`,
  );
}

function noEmulator(endpoint: string): LogtoError {
  return new LogtoError(
    'network_unreachable',
    `No emulator of this user runs at ${endpoint}.`,
    `Start one: logto-cli emulator --port ${shellWord(portOf(endpoint))}`,
  );
}

function endedEmulator(endpoint: string, pid: number): LogtoError {
  return new LogtoError(
    'network_unreachable',
    `The emulator at ${endpoint} (process ${pid}) has ended without a word, or does not answer.`,
    `Start it again: logto-cli emulator --port ${shellWord(portOf(endpoint))}`,
  );
}

function portOf(endpoint: string): string {
  const { port, protocol } = new URL(endpoint);
  return port || (protocol === 'https:' ? '443' : '80');
}

function isState(value: unknown): value is EmulatorState {
  return typeof value === 'object' && value !== null && 'faults' in value && 'users' in value;
}
