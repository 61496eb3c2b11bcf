/** Counts the processes of a test file, in the quick tier: one that was started without a place fails its test. */
import { afterAll, afterEach, beforeEach, expect, inject } from 'vitest';
import { countedProcesses } from './counted-processes.js';

const expectAllCounted = () => {
  expect(countedProcesses.takeUncounted(), 'started without a place (test/README.md)').toEqual([]);
};

countedProcesses.count(inject('processPlaces'));
beforeEach(() => countedProcesses.testIsOver());
afterEach(expectAllCounted);
afterAll(() => {
  countedProcesses.testIsOver();
  expectAllCounted();
});
