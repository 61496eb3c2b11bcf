import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/network/fetch.js';
import { namedIssuer } from '../../src/oidc/named-issuer.js';
import { failureOf } from '../support/failure-of.js';

const url = 'https://id.example.test/common/.well-known/openid-configuration';

/** What is made of a document that names this, or of this answer. */
function named(answer: unknown, address = url) {
  const asked: string[] = [];
  const fetch: Fetch = async (where) => {
    asked.push(where);
    return answer instanceof Response ? answer : Response.json({ issuer: answer });
  };
  const runtime = { now: Date.now, interruption: new AbortController().signal };
  return { asked, issuer: namedIssuer({ fetch, runtime }, address) };
}

describe('the issuer that a document names', () => {
  it.each([
    'https://id.example.test',
    'https://other.example.test/a/',
    'https://id.example.test/{tenantid}/v2.0',
    'https://id.example.test/$(id)',
  ])('may be asked about: %s', async (issuer) => {
    expect(await named(issuer).issuer).toBe(issuer);
  });

  it.each([
    undefined,
    1,
    '',
    'not an address',
    'http://id.example.test',
    'https://alice:secret@id.example.test',
    'https://id.example.test/?a=b',
    'https://{tenantid}.example.test/',
    'http://id.example.test/{tenantid}/v2.0',
    'https://id.example.test/a b',
    'https://id.example.test/\u001b[2J',
    'https://id.example.test/\u202e',
    `https://id.example.test/${'a'.repeat(200)}`,
  ])('is none that anybody is asked about: %j', async (issuer) => {
    expect(await named(issuer).issuer).toBeNull();
  });

  it.each([
    ['issuer_insecure', 'http://id.example.test/x'],
    ['config_invalid', 'https://alice:secret@id.example.test/x'],
    ['config_invalid', 'https://id.example.test/{tenantid}/x'],
  ])('is not looked for where it may not be asked: %s, %s', async (code, address) => {
    const { issuer, asked } = named('https://id.example.test', address);
    expect(await failureOf(() => issuer)).toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it('is none of what is no document', async () => {
    const { issuer } = named(new Response('<html>', { status: 200 }));
    expect(await failureOf(() => issuer)).toMatchObject({ code: 'discovery_invalid' });
  });
});
