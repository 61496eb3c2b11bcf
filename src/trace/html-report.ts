import { createHash } from 'node:crypto';
import { Html, html } from '../html.js';
import { htmlStyle } from './html-style.js';
import { durationText, summaryOf, wentWrong } from './summary.js';
import { timeScale } from './time-scale.js';
import type { Trace, TraceCheck, TraceField, TraceStep } from './trace.js';

/** The trace as a page that needs nothing from anywhere: no script, no request, and one style that its own policy allows. */
export function htmlReport(trace: Trace): string {
  const { command, steps, outcome, error, exitCode } = trace;
  const line = timeLine(trace);
  const style = `${htmlStyle}${line.style}`;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Trace of ${command} · logto-cli</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<header>
<p class="brand">${trace.program} · trace</p>
<h1>${command} ${outcome === 'done' ? html`<span class="good">✓ done</span>` : html`<span class="bad">✗ failed, exit code ${exitCode}</span>`}</h1>
<p class="lead">${summaryOf(trace)} · <time datetime="${trace.startedAt}">${utc(trace.startedAt)}</time></p>
${error === null ? null : html`<div class="error" role="alert"><p><b>${error.code}</b> ${error.message}</p><p>${error.hint}</p></div>`}
</header>
${steps.length === 0 ? html`<p class="note">Everything was known on this machine: no request was made.</p>` : html`<h2>Time line</h2>\n${line.markup}\n<h2>Step by step</h2>\n${steps.map(stepMarkup)}`}
<footer>Tokens, codes, secrets and personal data were never written into this page: what stands between ‹ and › is their kind and length.</footer>
</main>
</body>
</html>
`.text;
}

function timeLine({ steps, durationMs }: Trace): { readonly style: string; readonly markup: Html } {
  const { position, shortened } = timeScale(steps, durationMs);
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const place = (selector: string, from: number, to: number) =>
    `${selector}{left:min(${percent(from)},calc(100% - 4px));width:${percent(to - from)}}\n`;
  // What differs from bar to bar is in the one style, since the policy allows no other.
  const bars = steps.map(({ number, startMs, durationMs: took }) =>
    place(`.bar-${number}`, position(startMs), position(took === null ? durationMs : startMs + took)),
  );
  const gaps = shortened.map(({ from, to }, index) => place(`.gap-${index}`, from, to));
  const gapMarkup = shortened.map((_, index) => html`<span class="gap gap-${index}"></span>`);
  const rows = steps.map((step) => {
    const bar = html`<span class="bar ${barKind(step)} bar-${step.number}"></span>`;
    const track = html`<span class="track" aria-hidden="true">${gapMarkup}${bar}</span>`;
    return html`<li><a href="#step-${step.number}"><span class="what">${heading(step)}</span>${track}<span class="time">${tookText(step)}</span></a></li>\n`;
  });
  const waits = shortened.map(({ durationMs: wait }) => durationText(wait)).join(', ');
  return {
    style: [...bars, ...gaps].join(''),
    markup: html`<ol class="line card">\n${rows}</ol>${
      waits === ''
        ? null
        : html`\n<p class="note">Ruled stretches are waits, drawn shorter than they were: ${waits}.</p>`
    }`,
  };
}

function barKind(step: TraceStep): string {
  return wentWrong(step) ? 'failed' : step.kind;
}

function heading({ number, name }: TraceStep): Html {
  return html`<span class="number">${number}</span> ${name}`;
}

function tookText({ kind, durationMs }: TraceStep): string {
  if (durationMs === null) return 'not over';
  return kind === 'local' || (kind === 'browser' && durationMs === 0) ? '' : durationText(durationMs);
}

function stepMarkup(step: TraceStep): Html {
  const { number, request, answer, failure, checks, startMs } = step;
  const passed = checks.filter((check) => check.passed).length;
  const failed = checks.length - passed;
  const facts = [
    answer?.status != null ? html`<span${statusClass(step)}>${answer.status}</span>` : null,
    failure && html`<span class="bad">${failure.code}</span>`,
    passed > 0 ? html`<span class="good">✓ ${passed}</span>` : null,
    failed > 0 ? html`<span class="bad">✗ ${failed}</span>` : null,
    tookText(step) || null,
    `at ${durationText(startMs)}`,
  ].filter((fact) => fact !== null);
  const more = answer?.otherFields ? `, and ${answer.otherFields} more fields` : '';
  const sections = [
    request && html`<p class="address"><code>${request.method} ${request.url}</code></p>\n`,
    request && fieldsSection('Sent', [...request.headers, ...request.parameters]),
    answer &&
      html`<h3>Answered: ${answer.body}${more}</h3>${fieldList([...answer.headers, ...answer.fields])}\n`,
    failure &&
      html`<h3>No answer</h3><p><b class="bad">${failure.code}</b> ${failure.message} ${failure.hint}</p>\n`,
    checks.length > 0 ? html`<h3>Checked</h3><ul class="checks">${checks.map(checkMarkup)}</ul>\n` : null,
  ].filter((section) => section !== null);
  return html`<details class="card"${wentWrong(step) ? html` open` : null}>
<summary><span class="name">${heading(step)}</span><span class="facts">${facts.map((fact, index) => html`${index === 0 ? null : ' · '}${fact}`)}</span></summary>
<div class="body" id="step-${number}">${sections}</div>
</details>
`;
}

/** Neither good nor bad is what a probe was answered: that depends on what it wanted to know. */
function statusClass(step: TraceStep): Html | null {
  if (wentWrong(step)) return html` class="bad"`;
  return step.isProbe ? null : html` class="good"`;
}

function fieldsSection(title: string, fields: readonly TraceField[]): Html | null {
  return fields.length === 0 ? null : html`<h3>${title}</h3>${fieldList(fields)}\n`;
}

function fieldList(fields: readonly TraceField[]): Html | null {
  if (fields.length === 0) return null;
  const rows = fields.map(({ name, value, redacted, meaning, contents = [] }) => {
    const shown = html`<code${redacted ? html` class="veiled"` : null}>${value}</code>`;
    const explained = meaning === null ? null : html`<span class="meaning">${meaning}</span>`;
    return html`<div><dt><code>${name}</code></dt><dd>${shown}${explained}${fieldList(contents)}</dd></div>`;
  });
  return html`<dl class="fields">${rows}</dl>`;
}

function checkMarkup({ of, what, clause, passed }: TraceCheck): Html {
  const mark = passed ? html`<span class="good">✓</span>` : html`<span class="bad">✗</span>`;
  return html`<li>${mark}<span>${of}: ${what} <span class="clause">${clause}</span></span></li>`;
}

function utc(moment: string): string {
  return moment.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
