import { expect, it } from 'vitest';
import type { ObservedRequest } from '../../src/emulator/visits/observed-request.js';
import { Visits } from '../../src/emulator/visits/visits.js';

const open = () =>
  new Visits(
    () => ({}),
    (faults) => faults,
    'http://localhost:4000',
  ).begin({});

it('keeps the first 1000 requests of a visit, however many there are', () => {
  const visit = open();
  const request = { endpoint: 'token', method: 'POST', parameters: [], authorization: 'none' } as const;
  for (let status = 1; status <= 1500; status += 1) {
    visit.record({ ...request, userAgent: null, clientId: null, status } satisfies ObservedRequest);
  }
  expect(visit.requests).toHaveLength(1000);
  expect(visit.requests.at(-1)?.status).toBe(1000);
});

it('remembers the latest 1000 codes and tokens of a visit, and none once it is closed', () => {
  const visit = open();
  for (let count = 1; count <= 1500; count += 1) visit.issued(`code ${count}`);
  expect([500, 501, 1500].map((count) => visit.hasIssued(`code ${count}`))).toEqual([false, true, true]);
  visit.close();
  expect(visit.hasIssued('code 1500')).toBe(false);
});
