import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProgram, startProgram } from '../support/program.js';
import { startPolicyProvider, type TenantsProvider, tenants } from '../support/tenants-provider.js';
import { TenantsRun } from './tenants-run.js';

let tenancy: TenantsRun;
let provider: TenantsProvider;
beforeEach(async () => {
  tenancy = await TenantsRun.start();
  ({ provider } = tenancy);
});
afterEach(() => tenancy.close());

function init(args: readonly string[] = []): RunningProgram {
  return startProgram(['init', '--port', '0', '--no-browser', '--storage', 'file', ...args], {
    home: tenancy.home,
    terminal: true,
    columns: 300,
    environment: { TERM: 'xterm-256color' },
  });
}

async function answer(program: RunningProgram, question: RegExp, text = ''): Promise<void> {
  await program.says('stdout', question);
  program.type(text);
}

const profile = () =>
  JSON.parse(readFileSync(join(tenancy.home, 'config.json'), 'utf8')).profiles.default as unknown;

/** Answers everything behind the address, and signs in. */
async function finish(program: RunningProgram, lying = provider.lying): Promise<string> {
  await answer(program, /Client ID of the application: $/, lying.clientId);
  await program.says('stdout', /(not shown|\[Y\/n\]).*: ?$|Sign in now[^\n]*$/);
  program.type('');
  await answer(program, /Sign in now, in the browser\? \[Y\/n\] $/);
  await fetch(await lying.authorize(await program.line('stdout', /^https?:\/\/\S+[?&]code_challenge=/)));
  const { exitCode, stdout } = await program.ended;
  expect(exitCode, stdout).toBe(0);
  return stdout;
}

describe('init with the address of a document', () => {
  it('asks whether the users of every tenant are meant, and keeps the template with its place', async () => {
    const program = init();
    await answer(program, /Address of your OpenID Provider.*: $/, provider.place.discoveryUrl);
    await answer(
      program,
      /its issuer is \S+\/\{tenantid\}\/v2\.0\. Take the users of all of them\? \[Y\/n\] $/,
    );
    const said = await finish(program);
    expect(said).toContain(
      `answers at ${provider.place.issuer} (by the document ${provider.place.discoveryUrl})`,
    );
    expect(said).toContain(provider.issuerOf(tenants.one));
    expect(profile()).toMatchObject(provider.place);
  });

  it('takes no for an answer, and nothing but yes for a yes, and says how one tenant is set', async () => {
    const program = init();
    await answer(program, /Address of your OpenID Provider.*: $/, provider.place.discoveryUrl);
    await answer(program, /Take the users of all of them\? \[Y\/n\] $/, provider.lying.clientId);
    await answer(
      program,
      /Type y or n\. Enter means y\.[^?]*Take the users of all of them\? \[Y\/n\] $/,
      'n',
    );
    await program.says(
      'stdout',
      /put the ID of yours in the place of \{tenantid\}[\s\S]*Address of your OpenID Provider.*: $/,
    );
    program.send('\u0003');
    expect((await program.ended).exitCode).toBe(130);
    expect(provider.lying.requestsTo('token')).toEqual([]);
  });

  it('asks whether the issuer of it is meant, where that has none of its own', async () => {
    const { lying, discoveryUrl } = await startPolicyProvider();
    try {
      const program = init();
      await answer(program, /Address of your OpenID Provider.*: $/, discoveryUrl);
      await answer(
        program,
        /That document is of the issuer \S+\/v2\.0\/\. Is that the provider that you mean\? \[Y\/n\] $/,
      );
      await finish(program, lying);
      expect(profile()).toMatchObject({ issuer: lying.issuer, discoveryUrl });
    } finally {
      await lying.close();
    }
  });

  it('begins with what is set', async () => {
    const program = init(tenancy.flags.slice(0, 4));
    await answer(program, /Address of your OpenID Provider \[\S+\{tenantid\}\S+\]: $/);
    await finish(program);
    expect(profile()).toMatchObject(provider.place);
  });
});
