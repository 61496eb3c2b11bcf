import { describe, expect, it } from 'vitest';
import type { DoctorSubject } from '../../../src/check/doctor/doctor-subject.js';
import { sites } from '../../../src/check/doctor/provider/sites.js';

/** What is found of a provider that publishes these endpoints. */
const found = (issuer: string, metadata: Readonly<Record<string, unknown>>) =>
  sites.run(
    { connection: async () => ({ issuer }), metadata: async () => metadata } as unknown as DoctorSubject,
    new AbortController().signal,
  );

const google = {
  token_endpoint: 'https://oauth2.googleapis.com/token',
  userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
  revocation_endpoint: 'https://oauth2.googleapis.com/revoke',
};

describe('where secrets go', () => {
  it('is no warning at Google, whose token endpoint is at another site', async () => {
    expect(await found('https://accounts.google.com', google)).toEqual({
      outcome: 'passed',
      message: 'to accounts.google.com; oauth2.googleapis.com and openidconnect.googleapis.com belong to it',
    });
  });

  it('is one at whoever names the endpoints of Google, or a name that objects have', async () => {
    for (const issuer of ['https://id.example.com', 'https://constructor']) {
      expect((await found(issuer, google)).outcome).toBe('warning');
    }
  });

  it('is one at Google, where an endpoint is not its own', async () => {
    const { outcome, message } = await found('https://accounts.google.com', {
      ...google,
      token_endpoint: 'https://oauth2.googleapis.com.evil.test/token',
    });
    expect(outcome).toBe('warning');
    expect(message).toBe(
      "The discovery document has applications send to another site than the issuer's, accounts.google.com: the application's " +
        'secret, codes and refresh tokens to oauth2.googleapis.com.evil.test (token_endpoint).',
    );
  });

  it('does not mind what is no address, which others look at', async () => {
    const { outcome } = await found('https://id.example.com', { token_endpoint: 7, userinfo_endpoint: 'no' });
    expect(outcome).toBe('passed');
  });
});
