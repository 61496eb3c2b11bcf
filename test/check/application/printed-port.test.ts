import { describe, expect, it } from 'vitest';
import { printedPort } from '../../../src/check/application/printed-port.js';

describe('the port that an application prints', () => {
  it.each([
    ['Listening on http://localhost:3000/', 3000],
    ['  - Local:        http://localhost:5173', 5173],
    [' * Running on http://127.0.0.1:5000', 5000],
    ['Server started at [::]:9000', 9000],
    ['listening on port 4321', 4321],
    ['listening on port 8080', null],
    ['The issuer is http://localhost:4000/oidc', null],
    ['Ready in 300 ms', null],
  ])('is found in %j', (line, port) => {
    expect(printedPort(['something else', line], 8080)).toBe(port);
  });

  it('is none where the right one is among them', () => {
    expect(printedPort(['listening on port 9000', 'listening on port 8080'], 8080)).toBe(null);
  });
});
