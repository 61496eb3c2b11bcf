import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { countedProcesses } from '../support/counted-processes.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const folder = fileURLToPath(new URL('../../.github/actions/logto-cli/', import.meta.url));
const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** The action's own file, as GitHub reads it. */
export const action = parse(readFileSync(join(folder, 'action.yml'), 'utf8'));

type Texts = Readonly<Record<string, string>>;

/** A runner of GitHub's, on which jobs run the action. */
export class ActionRunner {
  private constructor(
    /** The job's repository. */
    readonly workspace: string,
    private readonly tools: string,
  ) {}

  /** @param isReal whether `npx` runs this program; else it notes what it is given, and does nothing */
  static async start(isReal: boolean): Promise<ActionRunner> {
    const runner = new ActionRunner(await temporaryDirectory(), await temporaryDirectory());
    const { tools } = runner;
    const start = isReal ? `shift 2; exec ${process.execPath} ${program} "$@"` : 'exit 0';
    await writeFile(join(tools, 'npx'), `#!/bin/sh\nprintf '%s\\0' "$@" > ${tools}/given\n${start}\n`);
    await chmod(join(tools, 'npx'), 0o755);
    return runner;
  }

  /** Runs the step as GitHub's runner does: a file of its own, under `bash --noprofile --norc -eo pipefail`. */
  async run(inputs: Texts, variables: Texts = {}) {
    const { tools, workspace } = this;
    const [step] = action.runs.steps;
    const values = Object.fromEntries(
      Object.entries<{ default?: string }>(action.inputs).map(([name, input]) => [
        name,
        inputs[name] ?? input.default ?? '',
      ]),
    );
    const filled = Object.fromEntries(
      Object.entries<string>(step.env).map(([name, text]) => [
        name,
        text.replace(
          /^\$\{\{ inputs\.([a-z-]+) \}\}$/,
          (_, input) => values[input] ?? expect.unreachable(input),
        ),
      ]),
    );
    const files = ['summary', 'output'].map((name) => join(tools, name));
    for (const file of files) await writeFile(file, '');
    await writeFile(join(tools, 'step.sh'), step.run);
    const child = await countedProcesses.start(() =>
      spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', join(tools, 'step.sh')], {
        cwd: workspace,
        env: {
          PATH: `${tools}${delimiter}${process.env['PATH']}`,
          HOME: tools,
          LOGTO_CLI_HOME: join(tools, 'home'),
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: workspace,
          GITHUB_ACTION_PATH: folder,
          GITHUB_STEP_SUMMARY: files[0],
          GITHUB_OUTPUT: files[1],
          RUNNER_TEMP: tools,
          ...variables,
          ...filled,
        },
      }),
    );
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    await once(child, 'close');
    const [summary = '', output = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const given = await readFile(join(tools, 'given'), 'utf8').catch(() => null);
    return {
      exitCode: child.exitCode,
      log,
      summary,
      outputs: Object.fromEntries(
        output
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      ),
      given: given?.split('\0').slice(0, -1) ?? null,
    };
  }
}
