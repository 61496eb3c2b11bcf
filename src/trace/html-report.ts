import { createHash } from 'node:crypto';
import { html } from '../loopback/html.js';
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
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Trace of ${html(command)} · logto-cli</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="brand">${html(trace.program)} · trace</p>
<h1>${html(command)} <span class="${outcome === 'done' ? 'good">✓ done' : `bad">✗ failed, exit code ${exitCode}`}</span></h1>
<p class="lead">${html(summaryOf(trace))} · <time datetime="${html(trace.startedAt)}">${html(utc(trace.startedAt))}</time></p>
${error === null ? '' : `<div class="error" role="alert"><p><b>${html(error.code)}</b> ${html(error.message)}</p><p>${html(error.hint)}</p></div>`}
</header>
${steps.length === 0 ? '<p class="note">Everything was known on this machine: no request was made.</p>' : `<h2>Time line</h2>\n${line.markup}\n<h2>Step by step</h2>\n${steps.map(stepMarkup).join('\n')}`}
<footer>Tokens, codes, secrets and personal data were never written into this page: what stands between ‹ and › is their kind and length.</footer>
</main>
</body>
</html>
`;
}

function timeLine({ steps, durationMs }: Trace): { readonly style: string; readonly markup: string } {
  const { position, shortened } = timeScale(steps, durationMs);
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const place = (selector: string, from: number, to: number) =>
    `${selector}{left:min(${percent(from)},calc(100% - 4px));width:${percent(to - from)}}\n`;
  // What differs from bar to bar is in the one style, since the policy allows no other.
  const bars = steps.map(({ number, startMs, durationMs: took }) =>
    place(`.bar-${number}`, position(startMs), position(took === null ? durationMs : startMs + took)),
  );
  const gaps = shortened.map(({ from, to }, index) => place(`.gap-${index}`, from, to));
  const gapMarkup = shortened.map((_, index) => `<span class="gap gap-${index}"></span>`).join('');
  const rows = steps.map((step) => {
    const bar = `<span class="bar ${barKind(step)} bar-${step.number}"></span>`;
    const track = `<span class="track" aria-hidden="true">${gapMarkup}${bar}</span>`;
    return `<li><a href="#step-${step.number}"><span class="what">${heading(step)}</span>${track}<span class="time">${tookText(step)}</span></a></li>`;
  });
  const waits = shortened.map(({ durationMs: wait }) => durationText(wait)).join(', ');
  return {
    style: [...bars, ...gaps].join(''),
    markup:
      `<ol class="line card">\n${rows.join('\n')}\n</ol>` +
      (waits === ''
        ? ''
        : `\n<p class="note">Ruled stretches are waits, drawn shorter than they were: ${html(waits)}.</p>`),
  };
}

function barKind(step: TraceStep): string {
  return wentWrong(step) ? 'failed' : step.kind;
}

function heading({ number, name }: TraceStep): string {
  return `<span class="number">${number}</span> ${html(name)}`;
}

function tookText({ kind, durationMs }: TraceStep): string {
  if (durationMs === null) return 'not over';
  return kind === 'local' || (kind === 'browser' && durationMs === 0) ? '' : durationText(durationMs);
}

function stepMarkup(step: TraceStep): string {
  const { number, request, answer, failure, checks, startMs } = step;
  const passed = checks.filter((check) => check.passed).length;
  const failed = checks.length - passed;
  const facts = [
    answer?.status != null && `<span${statusClass(step)}>${answer.status}</span>`,
    failure && `<span class="bad">${html(failure.code)}</span>`,
    passed > 0 && `<span class="good">✓ ${passed}</span>`,
    failed > 0 && `<span class="bad">✗ ${failed}</span>`,
    tookText(step),
    `at ${durationText(startMs)}`,
  ].filter(Boolean);
  const more = answer?.otherFields ? `, and ${answer.otherFields} more fields` : '';
  const sections = [
    request && `<p class="address"><code>${html(request.method)} ${html(request.url)}</code></p>`,
    request && fieldsSection('Sent', [...request.headers, ...request.parameters]),
    answer &&
      `<h3>Answered: ${html(answer.body)}${more}</h3>${fieldList([...answer.headers, ...answer.fields])}`,
    failure &&
      `<h3>No answer</h3><p><b class="bad">${html(failure.code)}</b> ${html(failure.message)} ${html(failure.hint)}</p>`,
    checks.length > 0 && `<h3>Checked</h3><ul class="checks">${checks.map(checkMarkup).join('')}</ul>`,
  ].filter(Boolean);
  return `<details class="card"${wentWrong(step) ? ' open' : ''}>
<summary><span class="name">${heading(step)}</span><span class="facts">${facts.join(' · ')}</span></summary>
<div class="body" id="step-${number}">${sections.join('\n')}</div>
</details>`;
}

/** Neither good nor bad is what a probe was answered: that depends on what it wanted to know. */
function statusClass(step: TraceStep): string {
  if (wentWrong(step)) return ' class="bad"';
  return step.isProbe ? '' : ' class="good"';
}

function fieldsSection(title: string, fields: readonly TraceField[]): string {
  return fields.length === 0 ? '' : `<h3>${title}</h3>${fieldList(fields)}`;
}

function fieldList(fields: readonly TraceField[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(({ name, value, redacted, meaning, contents = [] }) => {
    const shown = `<code${redacted ? ' class="veiled"' : ''}>${html(value)}</code>`;
    const explained = meaning === null ? '' : `<span class="meaning">${html(meaning)}</span>`;
    return `<div><dt><code>${html(name)}</code></dt><dd>${shown}${explained}${fieldList(contents)}</dd></div>`;
  });
  return `<dl class="fields">${rows.join('')}</dl>`;
}

function checkMarkup({ of, what, clause, passed }: TraceCheck): string {
  const mark = passed ? '<span class="good">✓</span>' : '<span class="bad">✗</span>';
  return `<li>${mark}<span>${html(`${of}: ${what}`)} <span class="clause">${html(clause)}</span></span></li>`;
}

function utc(moment: string): string {
  return moment.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}
