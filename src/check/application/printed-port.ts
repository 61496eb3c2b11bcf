/** What says in a line that a server is meant. */
const serverWords = /listen|ready|running|started|serving|\blocal:|server|available/i;
/** Places of a line that name a port. */
const portPlaces = [/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b/, /\bport:? (\d{2,5})\b/i];

/** The port at which a program says that it listens; `null` where it names none, or this one. */
export function printedPort(lines: readonly string[], expected: number): number | null {
  const ports = lines
    .filter((line) => serverWords.test(line))
    .flatMap((line) => portPlaces.flatMap((place) => place.exec(line)?.[1] ?? []).map(Number));
  return ports.includes(expected) ? null : (ports[0] ?? null);
}
