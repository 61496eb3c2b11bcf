import { join } from 'node:path';
import { systemBrowser } from '../browser/system-browser.js';
import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import type { ProviderObserver } from '../oidc/provider-event.js';
import type { Runtime, TextInput } from '../runtime.js';
import { withoutSecretVariables } from '../secret-variables.js';
import { FileStorage } from '../storage/file-storage.js';
import type { KeychainProcess } from '../storage/keychain-process.js';
import type { Storage } from '../storage/storage.js';
import { cacheDirectory, machineDirectories, topDirectory } from './directories.js';
import type { StandardStreams } from './standard-stream.js';
import { terminalInput, textOutput } from './terminal.js';
import { version } from './version.js';

/** Somebody who looks on while a command works. */
export interface Watcher {
  /** The same fetch, looked at. */
  watch(fetch: Fetch): Fetch;
  /** Is told what the protocol does. */
  readonly observe: ProviderObserver;
  /** Called before another program takes over our streams. */
  beforeRun(): Promise<void>;
}

/**
 * The runtime of this machine. What only some commands need is loaded when they need it.
 *
 * @param environment the environment of this run, without what is empty
 * @param handedOn what the programs that we start inherit, but for our secret variables
 * @param streams where it speaks
 * @param watcher looks on
 * @param keychainProcess has been started for this run's keychain, if it has one
 */
export function machineRuntime(
  environment: Readonly<Record<string, string | undefined>>,
  handedOn: Readonly<Record<string, string | undefined>>,
  streams: StandardStreams,
  watcher?: Watcher,
  keychainProcess?: KeychainProcess,
): Runtime {
  const { platform } = process;
  const directories = machineDirectories(environment, platform);
  const top = (base: 'data' | 'state' | 'cache') => topDirectory(environment, platform, base);
  const stderr = textOutput(streams.stderr, environment);
  let stdin: TextInput | null = null;
  // Each starts a process of its own, which takes longer than all that is asked of it.
  const keychains = new Map<string, Storage>();
  let interruption: AbortSignal | null = null;
  return {
    environment,
    platform,
    // Read where it is asked for: nearly nobody does.
    get version() {
      return version();
    },
    directories,
    stdout: textOutput(streams.stdout, environment),
    stderr,
    // Opening it takes Node as long as reading a session does, and few commands read it.
    get stdin() {
      stdin ??= terminalInput(process.stdin, process.stderr, stderr);
      return stdin;
    },
    now: Date.now,
    sleep,
    get interruption() {
      interruption ??= interruptionSignal();
      return interruption;
    },
    async fetch({ caFile, timeout, maxBytes }) {
      const { createFetch } = await import('../network/create-fetch.js');
      const fetch = await createFetch({
        environment,
        version: version(),
        ...(caFile !== undefined && { caFile }),
        ...(timeout !== undefined && { timeout }),
        ...(maxBytes !== undefined && { maxBytes }),
      });
      return watcher === undefined ? fetch : watcher.watch(fetch);
    },
    observe: watcher?.observe,
    async storage(kind, profile) {
      if (kind === 'file') {
        return new FileStorage({
          directory: join(directories.sessions, profile),
          top: top('data'),
          onExposed: (message) => stderr.write([`warning: ${message}`]),
        });
      }
      if (kind === 'memory') {
        const { MemoryStorage } = await import('../storage/memory-storage.js');
        return new MemoryStorage();
      }
      const { KeychainStorage } = await import('../storage/keychain-storage.js');
      const keychain =
        keychains.get(profile) ??
        new KeychainStorage(
          {
            service: 'logto-cli',
            account: profile,
            onWait: () => stderr.write(['Waiting for the keychain: it may have opened a prompt.']),
          },
          keychainProcess,
        );
      keychains.set(profile, keychain);
      return keychain;
    },
    async cache() {
      const directory = cacheDirectory(environment, platform);
      if (directory === null) {
        const { MemoryStorage } = await import('../storage/memory-storage.js');
        return new MemoryStorage();
      }
      // What a provider said is asked again where it is lost: no sign-in waits for the disk to have it.
      return new FileStorage({ directory: join(directory, 'providers'), top: top('cache'), synced: false });
    },
    lock(profile, kind) {
      if (kind === 'memory') {
        const lock = import('../storage/memory-lock.js').then(({ memoryLock }) => memoryLock());
        return async (work, served) => (await lock)(work, served);
      }
      return async (work, served) => {
        const { fileLock } = await import('../storage/lock.js');
        const path = join(directories.locks, `${profile}.lock`);
        return fileLock({ path, top: top('state') })(work, served);
      };
    },
    async run(command, args, additions) {
      const { runCommand } = await import('./run-command.js');
      return runCommand(command, args, {
        environment: { ...withoutSecretVariables(handedOn), ...additions },
        beforeStart: async () => watcher?.beforeRun(),
      });
    },
    async supervise(command, args, additions) {
      const [{ superviseProgram }, { notRun }] = await Promise.all([
        import('../program/supervised-program.js'),
        import('./run-command.js'),
      ]);
      const started = await superviseProgram(command, args, {
        environment: { ...withoutSecretVariables(handedOn), ...additions },
        platform,
      });
      if ('reason' in started) throw notRun(command, started.reason, null);
      return started;
    },
    async farBrowser() {
      const [{ farBrowser }, { existsSync: exists }] = await Promise.all([
        import('../browser/browser-place.js'),
        import('node:fs'),
      ]);
      return farBrowser({ environment, platform, exists });
    },
    async copy(text) {
      const { copyText } = await import('../program/clipboard.js');
      return copyText(text, { environment: withoutSecretVariables(handedOn), platform });
    },
    browser: systemBrowser({ environment: handedOn, platform }),
    async listen(options) {
      const { listenForCallback } = await import('../loopback/listen-for-callback.js');
      return listenForCallback(options);
    },
  };
}

/** An aborted sleep is a sleep that is over. Checks begin and end one each: no error is made for that. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Aborted by the first SIGINT or SIGTERM; the second one ends the process as if nobody listened. */
function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  // As many wait for it as there are sign-ins at once: to Node more than ten look like a leak, which it tells people of.
  process.getBuiltinModule('node:events').setMaxListeners(0, controller.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort(
        new LogtoError(
          'interrupted',
          signal === 'SIGINT' ? 'Interrupted.' : 'Terminated.',
          'Run it again when you like.',
          { signal },
        ),
      );
    });
  }
  return controller.signal;
}
