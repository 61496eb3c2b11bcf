import { describe, expect, it } from 'vitest';
import { checkProvider } from '../../src/oidc/check-provider.js';
import { filledIssuer, isTemplate, mayBeIssuer } from '../../src/oidc/issuer-template.js';

const entra = 'https://login.microsoftonline.com/{tenantid}/v2.0';
const place = 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration';
const id = '9188040d-6c67-4c5b-b112-36a304b66dad';

describe('a template', () => {
  it.each([
    entra,
    'https://id.example.test/{realm}',
    'https://id.example.test/{realm}/',
    'https://id.example.test:8443/a/{region}/b/{tenant_id}/c',
    'http://localhost:3001/{tenantid}/oidc',
  ])('is %s', (issuer) => {
    expect(isTemplate(issuer)).toBe(true);
    expect(checkProvider({ issuer, discoveryUrl: place }).protocol).toMatch(/^https?:$/);
  });

  it.each([
    'https://{tenantid}.example.test/v2.0',
    'https://{tenantid}/v2.0',
    '{tenantid}://id.example.test/v2.0',
    'https://id.example.test:{port}/v2.0',
    'https://id.example.test/tenant-{tenantid}/v2.0',
    'https://id.example.test/{tenantid}-x/v2.0',
    'https://id.example.test/{a}{b}/v2.0',
    'https://id.example.test/{}/v2.0',
    'https://id.example.test/{a/b}/v2.0',
    'https://id.example.test/{tenantid',
    'https://id.example.test/tenantid}',
    'https://id.example.test/{{tenantid}}',
    'https://id.example.test/{1}',
    `https://id.example.test/{${'a'.repeat(61)}}`,
  ])('is not %s, which is refused', (issuer) => {
    expect(isTemplate(issuer)).toBe(false);
    expect(() => checkProvider({ issuer, discoveryUrl: place })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('is refused where nothing says where its document is', () => {
    expect(() => checkProvider({ issuer: entra })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        hint: expect.stringContaining('--discovery-url <url>'),
      }),
    );
  });
});

describe('the place of a document', () => {
  const issuer = 'https://id.example.test';

  it.each([
    place,
    `${place}?p=b2c_1_signin`,
    'http://localhost:3001/metadata.json',
    'https://cdn.example.test/id.json',
  ])('may be %s', (discoveryUrl) => {
    expect(checkProvider({ issuer, discoveryUrl }).href).toBe(`${issuer}/`);
  });

  it.each([
    ['config_invalid', 'is not an http(s) address', 'file:///etc/passwd'],
    ['config_invalid', 'is not an http(s) address', 'id.example.test'],
    ['config_invalid', 'has a user name or a password', 'https://alice:hunter2@id.example.test/x'],
    ['config_invalid', 'has a fragment', `${place}#x`],
    [
      'config_invalid',
      'is a template',
      'https://id.example.test/{tenantid}/.well-known/openid-configuration',
    ],
    ['issuer_insecure', 'without TLS', 'http://id.example.test/.well-known/openid-configuration'],
    ['issuer_insecure', 'without TLS', 'http://127.0.0.1.evil.test/.well-known/openid-configuration'],
  ])('is refused with %s, since it %s: %s', (code, words, discoveryUrl) => {
    expect(() => checkProvider({ issuer, discoveryUrl })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    );
    try {
      checkProvider({ issuer, discoveryUrl });
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });
});

describe('what fills a template', () => {
  it('is the claim tid for {tenantid}, else the one of the same name', () => {
    expect(filledIssuer(entra, { tid: id, tenantid: 'no' })).toEqual({
      issuer: entra.replace('{tenantid}', id),
    });
    expect(filledIssuer('https://id.test/{a}/{b}/{a}', { a: 'x', b: 'y-1._~' })).toEqual({
      issuer: 'https://id.test/x/y-1._~/x',
    });
    expect(filledIssuer('https://id.test/x', {})).toEqual({ issuer: 'https://id.test/x' });
  });

  it.each([
    undefined,
    null,
    12,
    ['a'],
    '',
    '.',
    '..',
    '../evil',
    'a/b',
    'a%2fb',
    'a\\b',
    'a b',
    'a\n',
    'a?b',
    'a#b',
    'ä',
    '{tenantid}',
    'a'.repeat(201),
  ])('is not %j', (tid) => {
    expect(filledIssuer(entra, { tid })).toEqual({ unusable: 'tid' });
  });

  it('is nothing that every object has', () => {
    expect(filledIssuer('https://id.test/{constructor}', {})).toEqual({ unusable: 'constructor' });
  });
});

describe('an issuer that a response names', () => {
  it.each([
    [true, entra.replace('{tenantid}', id)],
    [true, entra.replace('{tenantid}', 'common')],
    [false, entra],
    [false, entra.replace('{tenantid}', '..')],
    [false, entra.replace('{tenantid}', '')],
    [false, entra.replace('{tenantid}', 'a/b')],
    [false, `${entra.replace('{tenantid}', id)}/`],
    [false, `https://evil.test/${id}/v2.0`],
    [false, `http://login.microsoftonline.com/${id}/v2.0`],
  ])('fits the template: %s, %s', (fits, found) => {
    expect(mayBeIssuer(entra, found)).toBe(fits);
  });

  it('has to be an issuer that is no template to the letter', () => {
    expect(mayBeIssuer('https://id.test', 'https://id.test')).toBe(true);
    expect(mayBeIssuer('https://id.test', 'https://id.test/')).toBe(false);
  });
});
