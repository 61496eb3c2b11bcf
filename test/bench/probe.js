// Loaded into the program before it starts (node --import): counts what it sends, and notes when the callback came.
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

const requests = [];
let callbackAt = null;

subscribe('http.client.request.start', ({ request }) => {
  requests.push(`${request.method} ${request.path.split('?')[0]}`);
});
subscribe('http.server.request.start', ({ request }) => {
  if (request.url.includes('code=')) callbackAt ??= Date.now();
});
process.on('exit', () => {
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  writeFileSync(process.env.BENCH_PROBE_FILE, JSON.stringify({ requests, callbackAt, peakMemory }));
});
