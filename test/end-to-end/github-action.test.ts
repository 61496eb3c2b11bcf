import { describe, expect, it } from 'vitest';
import { ActionRunner, action } from './github-action-run.js';

const [step] = action.runs.steps;

describe('the action for GitHub', () => {
  it('is a composite one whose inputs reach its script as variables only, and of which none is a secret', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.runs.steps).toHaveLength(1);
    expect(step.run).not.toContain('${{');
    const passed = Object.values<string>(step.env).map(
      (text) => /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(text)?.[1],
    );
    expect(passed.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    expect(Object.keys(action.inputs).join(' ')).not.toMatch(/secret|password|token|key/i);
    for (const { description } of Object.values<{ description: string }>(action.inputs))
      expect(description).not.toBe('');
  });

  it('hands every input over as one word, whatever is in it', async () => {
    const runner = await ActionRunner.start(false);
    const evil = '$(touch evil) `touch evil`; touch evil & "x\' \\ *';
    const inputs = {
      endpoint: evil,
      issuer: evil,
      'discovery-url': evil,
      'app-id': '-rf',
      scenarios: '--schema',
      baseline: evil,
      junit: evil,
      arguments: `${evil}\r\n\n--\nnpm\nstart`,
    };
    const { exitCode, given } = await runner.run(inputs);
    expect(exitCode).toBe(0);
    expect(given).toEqual([
      ...[
        '-y',
        'logto-cli',
        'test',
        './--schema',
        `--endpoint=${evil}`,
        `--issuer=${evil}`,
        `--discovery-url=${evil}`,
        '--app-id=-rf',
        `--baseline=${evil}`,
      ],
      ...[`--reporter=junit=${evil}`, '--reporter=github', evil, '--', 'npm', 'start'],
    ]);
  });

  it.each([
    ['command', 'sign-in', {}],
    ['command', 'test; id', {}],
    ['endpoint', 'https://a.test\nexit-code=0', {}],
    ['junit', 'a.xml\r\nexit-code=0', {}],
    ['version', 'npm:other@1.0.0', {}],
    ['version', '../elsewhere', {}],
    ['scenarios', 'a.json', { command: 'doctor' }],
  ])('refuses the input %s that is %j, and repeats nothing of it', async (name, value, more) => {
    const runner = await ActionRunner.start(false);
    const { exitCode, log, summary, given } = await runner.run({ ...more, [name]: value });
    expect({ exitCode, given }).toEqual({ exitCode: 2, given: null });
    expect(log).toMatch(/^::error title=logto-cli::[\w ,.-]+\n$/);
    expect(summary).toContain('could not be run');
  });

  it('takes a version of its own', async () => {
    const runner = await ActionRunner.start(false);
    expect((await runner.run({ version: '1.2.3-rc.1', command: 'doctor' })).given?.slice(0, 3)).toEqual([
      '-y',
      'logto-cli@1.2.3-rc.1',
      'doctor',
    ]);
  });
});
