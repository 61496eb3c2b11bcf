import type { Trace, TraceAnswer, TraceCheck, TraceField, TraceRequest, TraceStep } from './trace.js';

/**
 * The trace as an HTTP Archive (HAR 1.2), for the network panel of a browser's developer tools and programs that read such
 * archives. It has what the trace has, and nothing else: where a body stood, there are the names and redacted values of
 * its fields. What this machine knew already is no entry. What went through the browser is one without a response, since
 * nobody here has seen it.
 */
export function harReport(trace: Trace): object {
  const { program, command, outcome, error, steps, startedAt } = trace;
  const [name = program, version = ''] = program.split(' ');
  const ending = error === null ? outcome : `${outcome}: ${error.code}: ${error.message}`;
  return {
    log: {
      version: '1.2',
      creator: { name, version },
      pages: [],
      entries: steps.flatMap((step) =>
        step.request === null ? [] : [entryOf(step, step.request, Date.parse(startedAt))],
      ),
      comment: `${name} ${command}, ${ending}. Values between ‹ and › were redacted before they were written.`,
    },
  };
}

function entryOf(step: TraceStep, request: TraceRequest, beginning: number): object {
  const { name, kind, startMs, durationMs, answer, failure, checks } = step;
  const time = durationMs ?? 0;
  const isSeen = kind === 'exchange';
  const remarks = [
    name,
    ...(isSeen ? [] : ['through the browser']),
    ...(durationMs === null ? ['not over when the trace ended'] : []),
    ...(failure === null ? [] : [`${failure.code}: ${failure.message}`]),
    ...checks.map(checkText),
  ];
  return {
    startedDateTime: new Date(beginning + startMs).toISOString(),
    time,
    request: harRequest(request, isSeen),
    response: answer === null ? noResponse : harResponse(answer),
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: time, receive: 0 },
    comment: remarks.join('\n'),
    ...(failure && { _error: failure.code }),
  };
}

function checkText({ of, what, clause, passed }: TraceCheck): string {
  return `${passed ? 'holds' : 'fails'}: ${of}: ${what} (${clause})`;
}

function harRequest({ method, url, headers, parameters }: TraceRequest, isSeen: boolean): object {
  const sent = parameters.filter(({ inBody }) => inBody === true);
  const query = parameters.filter(({ inBody }) => inBody !== true);
  const type = headerValue(headers, 'content-type') ?? 'application/x-www-form-urlencoded';
  return {
    method,
    url: addressOf(url, query),
    httpVersion: isSeen ? 'HTTP/1.1' : '',
    cookies: [],
    headers: headers.map(named),
    queryString: query.map(explained),
    ...(sent.length > 0 && {
      postData: {
        mimeType: type,
        params: sent.map(explained),
        text: type.includes('json') ? textOf(sent) : String(new URLSearchParams(sent.map(pair))),
      },
    }),
    headersSize: -1,
    bodySize: -1,
  };
}

/** The address with its parameters, as they may be shown. */
function addressOf(url: string, query: readonly TraceField[]): string {
  // An archive has room for nothing but addresses, and what is redacted in a host makes it none.
  const bare = URL.canParse(url) ? new URL(url).href : `about:invalid#${encodeURIComponent(url)}`;
  return query.length === 0 ? bare : `${bare}?${new URLSearchParams(query.map(pair))}`;
}

function harResponse({ status, headers, body, fields, otherFields }: TraceAnswer): object {
  const text = fields.length === 0 ? '' : textOf(fields);
  return {
    ...noResponse,
    status: status ?? 0,
    headers: headers.map(named),
    content: {
      size: Buffer.byteLength(text),
      mimeType: fields.length === 0 ? (headerValue(headers, 'content-type') ?? '') : 'application/json',
      text,
      comment: otherFields === 0 ? body : `${body}, ${otherFields} more fields`,
    },
    redirectURL: headerValue(headers, 'location') ?? '',
  };
}

/** Status 0 is what browsers write where there is no answer. */
const noResponse = {
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
};

/** Names and values as the text of a JSON object; where a name is there more often, the values are a list. */
function textOf(fields: readonly TraceField[]): string {
  const values = new Map<string, string[]>();
  for (const { name, value } of fields) values.set(name, [...(values.get(name) ?? []), value]);
  const members = [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
  return JSON.stringify(Object.fromEntries(members), null, 2);
}

function headerValue(fields: readonly TraceField[], name: string): string | undefined {
  return fields.find((field) => field.name.toLowerCase() === name)?.value;
}

function pair({ name, value }: TraceField): [string, string] {
  return [name, value];
}

function named({ name, value }: TraceField): object {
  return { name, value };
}

function explained({ name, value, meaning }: TraceField): object {
  return { name, value, ...(meaning !== null && { comment: meaning }) };
}
