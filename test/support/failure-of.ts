import { expect } from 'vitest';
import { LogtoError } from '../../src/errors.js';

/** The failure that this work ends with: one of ours, or the test fails. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<LogtoError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
  return expect.unreachable('it did not fail');
}
