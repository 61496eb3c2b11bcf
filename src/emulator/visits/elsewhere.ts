import type { IncomingMessage } from 'node:http';
import { sentRequest } from './sent-request.js';
import type { Visits } from './visits.js';

/** Says, in the address to which the fault `token=redirect` leads, whose visit it is. */
export const visitParameter = 'visit';

/** What answers there: nobody. */
export const elsewhereStatus = 404;

/** Keeps what followed a redirect that nobody should follow. */
export function recordElsewhere(visits: Visits, req: IncomingMessage, body: string): void {
  const query = new URLSearchParams((req.url ?? '').split('?', 2)[1]);
  const named = visits.named(query.get(visitParameter) ?? '');
  query.delete(visitParameter);
  const { brought, ...sent } = sentRequest(req.headers, [...query, ...new URLSearchParams(body)]);
  const visit = named ?? visits.attribute(req, brought, false);
  visit?.record({ endpoint: 'elsewhere', method: req.method ?? '', ...sent, status: elsewhereStatus });
}
