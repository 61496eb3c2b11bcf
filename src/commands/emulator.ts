import { randomBytes } from 'node:crypto';
import type { ControlFiles, EmulatorControl } from '../emulator/control-file.js';
import {
  type EmulatorApplication,
  type EmulatorDescription,
  type EmulatorIdTokenAlgorithm,
  idTokenAlgorithms,
} from '../emulator/seed.js';
import { LogtoError } from '../errors.js';
import { fields } from '../output/fields.js';
import type { Output } from '../output/output.js';
import type { Paint } from '../output/paint.js';
import { shortened } from '../output/plain-text.js';
import { readNamedTextOrPipe } from '../read-file.js';
import type { CommandContext } from '../session/command-context.js';
import { shellWord } from '../shell-word.js';
import type { ConfigureCommand, OutputFlags } from './command.js';
import { Option } from './commander.js';
import type { EmulatorSetFlags } from './emulator-set.js';
import { addOutputOptions, addTlsOptions, collect, wholeNumber } from './options.js';

interface EmulatorFlags extends OutputFlags {
  readonly port: number;
  readonly seed?: string;
  readonly schema?: boolean;
  readonly redirectUri?: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly fault?: readonly string[];
  readonly idTokenAlgorithm?: EmulatorIdTokenAlgorithm;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** `emulator`: a local Logto-compatible provider, until a signal ends it. */
export const configureEmulator: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli emulator',
      'logto-cli emulator --port 0 --json',
      'logto-cli emulator --schema > seed.schema.json',
      'logto-cli emulator --redirect-uri http://localhost:8080/callback --post-logout-redirect-uri http://localhost:8080/',
      'logto-cli emulator --fault token=status:503 --fault clock=+10m',
      'logto-cli emulator set --fault token=slow:5s',
      'logto-cli emulator --id-token-algorithm RS256 --tls-cert localhost.pem --tls-key localhost-key.pem',
      'logto-cli sign-in --endpoint http://localhost:4000 --app-id emulator-native',
    ],
    notes: [
      'Everything is in memory and gone when it ends. The default applications, users, secrets and passwords are fixed, so that configuration can be written down.',
      'Its seed, its faults, and how to use it in tests: logto-cli help emulator',
    ],
  });
  command
    // Flags behind `set` are its own.
    .enablePositionalOptions()
    .option('--port <number>', 'port to listen on; 0 is any free one', wholeNumber(0, 65_535), 4000)
    .option('--seed <file>', 'what to start with, in the shape that --json prints')
    .option('--schema', 'print the JSON Schema of such files, for editors')
    .option('--redirect-uri <uri>', 'registered redirect URI of the applications (repeatable)', collect)
    .option('--post-logout-redirect-uri <uri>', 'registered post sign-out URI (repeatable)', collect)
    .addOption(
      new Option(
        '--id-token-algorithm <alg>',
        'by what the ID tokens of the applications are signed',
      ).choices(idTokenAlgorithms),
    )
    .option('--fault <name=value>', 'what it does wrong (repeatable), such as token=slow:5s', collect);
  addTlsOptions(command)
    .option('--json', 'print one line of JSON when it is ready')
    .option(
      '-v, --verbose',
      'each request on stderr, in a line: status, time, application, user, faults; nothing secret',
    )
    .action((flags: EmulatorFlags) => run(flags, (context) => runEmulator(context, flags)));
  configureSet(command.command('set'), run);
};

const configureSet: ConfigureCommand = (command, run) => {
  command
    .description('change faults, users and claims of an emulator while it runs')
    .explainedBy({
      examples: [
        'logto-cli emulator set --fault token=slow:5s',
        'logto-cli emulator set --clear-faults',
        'logto-cli emulator set --user alice --claim email=alice@example.test --claim roles=admin,things-user',
        'logto-cli emulator set --users users.json --endpoint http://localhost:4001',
      ],
      notes: [
        'It finds an emulator of the same user by a private file, which is there while that runs. For any other one, pipe in the control.key that it printed with --json (--key-stdin).',
      ],
    })
    .option('--endpoint <url>', 'which emulator', 'http://localhost:4000')
    .option('--fault <name=value>', 'what it does wrong beside the faults it has (repeatable)', collect)
    .option('--clear-faults', 'end the faults it has, before those of --fault begin')
    .option('--user <username>', 'the user that --claim is about; a new one where nobody has the name')
    .option(
      '--claim <name=value>',
      "a claim of that user (repeatable); '!name' for none of that name",
      collect,
    )
    .option('--users <file>', 'users in the shape of a seed, to be changed or added by username')
    .option('--key-stdin', 'read the key of the emulator from standard input')
    .option('--ca-file <pem>', 'also trust the certificate authorities in this file');
  addOutputOptions(command).action((flags: EmulatorSetFlags & OutputFlags) =>
    run(flags, async (context) => (await import('./emulator-set.js')).setEmulator(context, flags)),
  );
};

async function runEmulator({ runtime, output }: CommandContext, flags: EmulatorFlags): Promise<number> {
  if (flags.schema) {
    const schema = (await import('../emulator/seed-schema.js')).printedSeedSchema();
    output.result(schema);
    return 0;
  }
  const [{ startEmulator }, { faultsOf }, { readTls }, seeds, { ControlFiles }] = await Promise.all([
    import('../emulator/emulator.js'),
    import('./emulator-faults.js'),
    import('../loopback/server-tls.js'),
    import('../emulator/seed.js'),
    import('../emulator/control-file.js'),
  ]);
  const { defaultSeed, printedDescription, withIdTokenAlgorithm, withRedirects } = seeds;
  const tls = await readTls(flags);
  const { redirectUri, postLogoutRedirectUri, idTokenAlgorithm } = flags;
  const named = withRedirects(flags.seed === undefined ? defaultSeed() : await readSeed(flags.seed), {
    ...(redirectUri && { redirectUris: redirectUri }),
    ...(postLogoutRedirectUri && { postLogoutRedirectUris: postLogoutRedirectUri }),
  });
  const isDefault = [flags.seed, redirectUri, postLogoutRedirectUri, idTokenAlgorithm].every(
    (flag) => flag === undefined,
  );
  const key = randomBytes(24).toString('base64url');
  const emulator = await startEmulator({
    port: flags.port,
    // What is not ours is read by a schema, and what does that takes a tenth of a start to load.
    ...(!isDefault && {
      seed: idTokenAlgorithm === undefined ? named : withIdTokenAlgorithm(named, idTokenAlgorithm),
    }),
    ...(tls !== null && { tls }),
    faults: faultsOf(flags.fault ?? []),
    controlKey: key,
    onRequest: ({ method, path, grantType, status, clientId, subject, faults = [] }, milliseconds) => {
      const what = [method, shortened(path, 200), grantType && `(${shortened(grantType, 100)})`];
      const about = [
        `${status ?? 'no answer'} in ${Math.round(milliseconds)} ms`,
        clientId && `client ${shortened(clientId, 100)}`,
        subject && `user ${shortened(subject, 100)}`,
        faults.length > 0 && `fault ${faults.join(', ')}`,
      ];
      output.detail(`${what.filter(Boolean).join(' ')}: ${about.filter(Boolean).join(', ')}`);
    },
    onFailure: (error) =>
      output.detail(`The emulator failed at a request: ${error instanceof Error ? error.name : 'error'}`),
  });
  const { endpoint } = emulator;
  const control = { endpoint, key, pid: process.pid };
  const files = await leaveControl(output, () => new ControlFiles(runtime.directories.locks), control);
  const { interruption } = runtime;
  const ended = new Promise<unknown>((resolve) => {
    interruption.addEventListener('abort', () => resolve(interruption.reason), { once: true });
  });
  // One line, so that a script can read it while the emulator runs.
  const printed = {
    ...printedDescription(emulator.description),
    control: { url: `${endpoint}/.emulator`, key },
  };
  if (flags.json) runtime.stdout.writeJson(printed);
  else output.result(emulator.description, descriptionLines(emulator.description, output.paint));
  const reason = await ended;
  files?.remove(control);
  await emulator.close();
  const terminated = reason instanceof LogtoError && reason.details?.['signal'] === 'SIGTERM';
  return terminated ? 143 : 130;
}

async function readSeed(path: string) {
  const { parseSeed } = await import('../emulator/parse-seed.js');
  const text = await readNamedTextOrPipe(
    path,
    (why) =>
      new LogtoError(
        'config_invalid',
        `The file of --seed cannot be read: ${path} (${why}).`,
        'Make one to begin with: logto-cli emulator --port 0 --json > seed.json',
      ),
  );
  return parseSeed(text);
}

/** Leaves what `emulator set` finds it by. An emulator is as good without, so what fails is told to who wants details. */
async function leaveControl(
  output: Output,
  open: () => ControlFiles,
  control: EmulatorControl,
): Promise<ControlFiles | null> {
  try {
    const files = open();
    await files.write(control);
    return files;
  } catch (error) {
    const { code = 'not believed' } = error as NodeJS.ErrnoException;
    output.detail(`emulator set needs --key-stdin here: no file could be left for it (${code}).`);
    return null;
  }
}

function descriptionLines(description: EmulatorDescription, paint: Paint): string[] {
  const { endpoint, issuer, applications, users, resources, organizations } = description;
  const native = applications.find(({ type }) => type === 'Native') ?? applications[0];
  return [
    `${paint.bold('Logto-compatible provider')} at ${paint.bold(endpoint)} (issuer ${issuer})`,
    '',
    paint.bold('Applications'),
    ...fields(applications.map(applicationField), '  '),
    paint.bold('Users'),
    ...fields(
      users.map(({ username, password }) => [username, `password ${password}`]),
      '  ',
    ),
    paint.bold('API resources'),
    ...fields(
      resources.map(({ indicator, scopes }) => [indicator, `scopes ${scopes.join(' ')}`]),
      '  ',
    ),
    paint.bold('Organizations'),
    ...fields(
      organizations.map(({ id, name, members }) => [
        name,
        members.length === 0 ? id : `${id}, members ${members.join(', ')}`,
      ]),
      '  ',
    ),
    ...(native === undefined
      ? []
      : [
          '',
          `Try it: logto-cli sign-in --endpoint ${shellWord(endpoint)} --app-id ${shellWord(native.appId)}`,
        ]),
    'Ctrl-C ends it.',
  ];
}

function applicationField({ type, deviceFlow, appId, appSecret }: EmulatorApplication): [string, string] {
  const name = deviceFlow === true ? `${type}, device flow` : type;
  return [name, appSecret === undefined ? appId : `${appId}, secret ${appSecret}`];
}
