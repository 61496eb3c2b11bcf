import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type ProcessPlaces, servePlaces } from './process-places.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly processPlaces: ProcessPlaces;
  }
}

/** Gives a test run its eight places for processes. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const places: ProcessPlaces = { socket: join(tmpdir(), 'places'), count: 8 };
  project.provide('processPlaces', places);
  return servePlaces(places);
}
