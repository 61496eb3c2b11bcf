import { columnsOf, padded } from '../output/columns-of.js';
import type { Paint } from '../output/paint.js';
import { shortened } from '../output/plain-text.js';
import { widest } from '../output/widest.js';
import { wrapWords } from '../output/wrap-words.js';
import { counted } from '../wording.js';
import { durationText, summaryOf, wentWrong } from './summary.js';
import type { Trace, TraceAnswer, TraceCheck, TraceField, TraceRequest, TraceStep } from './trace.js';

/** How a trace is written. */
interface Style {
  readonly paint: Paint;
  readonly columns: number;
}

const indent = '   ';

/** The trace as lines for a terminal: a block for each step. */
export function textReport(trace: Trace, paint: Paint, columns: number): string[] {
  const style = { paint, columns: Math.min(Math.max(columns, 40), 120) };
  const { error, outcome, exitCode } = trace;
  const ending = error === null ? `exit code ${exitCode}` : `${error.code}: ${error.message}`;
  return [
    paint.bold(`Trace of ${trace.command}: ${summaryOf(trace)}`),
    ...trace.steps.flatMap((step) => ['', ...stepLines(step, style)]),
    ...(outcome === 'done' ? [] : ['', `${paint.red('✗')} it ended with ${ending}`]),
  ];
}

function stepLines(step: TraceStep, style: Style): string[] {
  const { request, answer, failure, checks } = step;
  return [
    headLine(step, style),
    ...(request === null ? [] : requestLines(request, style)),
    ...(answer === null ? [] : answerLines(answer, style)),
    ...(failure === null
      ? []
      : [
          section('no answer'),
          ...wrapped(`${failure.code}: ${failure.message}`, `${indent}  `, style.columns),
        ]),
    ...[...new Set(checks.map(({ of }) => of))].flatMap((of) => [
      section(`checked in the ${of}`),
      ...checks.filter((check) => check.of === of).flatMap((check) => checkLines(check, style)),
    ]),
  ];
}

function headLine(step: TraceStep, { paint, columns }: Style): string {
  const { number, kind, name, startMs, durationMs, answer, failure } = step;
  const status = answer?.status ?? failure?.code ?? '';
  const took = durationMs === null ? 'not over' : durationText(durationMs);
  const isMoment = kind !== 'exchange' && durationMs === 0;
  const times = [status, isMoment ? '' : took, `at ${durationText(startMs)}`]
    .filter((part) => part !== '')
    .join(', ');
  const title = `${number}. ${shortened(name)}`;
  const gap = ' '.repeat(Math.max(2, columns - title.length - times.length));
  return `${paint.bold(title)}${gap}${wentWrong(step) ? paint.red(times) : paint.dim(times)}`;
}

function requestLines({ method, url, headers, parameters }: TraceRequest, style: Style): string[] {
  return [
    `${indent}${method} ${shortened(url)}`,
    ...(headers.length + parameters.length === 0 ? [] : [section('sent')]),
    ...fieldLines([...headers, ...parameters], style),
  ];
}

function answerLines({ headers, body, fields, otherFields }: TraceAnswer, style: Style): string[] {
  const more = otherFields === 0 ? '' : `, ${counted(otherFields, 'more field')}`;
  return [section(`answered: ${shortened(body)}${more}`), ...fieldLines([...headers, ...fields], style)];
}

function section(title: string): string {
  return `${indent}${title}`;
}

function fieldLines(fields: readonly TraceField[], style: Style, margin = `${indent}  `): string[] {
  const width = Math.min(26, widest(fields.map(({ name }) => name)));
  return fields.flatMap((field) => {
    const name = padded(shortened(field.name, 100), width);
    const column = margin.length + columnsOf(name) + 2;
    const value = shortened(field.value);
    const meaning = field.meaning ?? '';
    const isShort = column + columnsOf(value) + meaning.length + 2 <= style.columns;
    const values = wrapped(value, ' '.repeat(column), style.columns).map((line) => line.slice(column));
    const [first = '', ...rest] = values.map((line) => (field.redacted ? style.paint.yellow(line) : line));
    return [
      `${margin}${name}  ${first}${isShort && meaning ? `  ${style.paint.dim(meaning)}` : ''}`,
      ...rest.map((line) => `${' '.repeat(column)}${line}`),
      ...(isShort || !meaning
        ? []
        : wrapped(meaning, ' '.repeat(column), style.columns).map((line) => style.paint.dim(line))),
      ...fieldLines(field.contents ?? [], style, `${margin}    `),
    ];
  });
}

function checkLines({ what, clause: source, passed }: TraceCheck, style: Style): string[] {
  const { paint, columns } = style;
  const mark = passed ? paint.green('✓') : paint.red('✗');
  const text = shortened(what);
  const clause = source.replace(/OpenID Connect (\w+) 1\.0,/g, 'OIDC $1');
  const isShort = indent.length + 6 + columnsOf(text) + clause.length <= columns;
  const first = `${indent}  ${mark} ${passed ? text : paint.red(text)}`;
  return isShort ? [`${first}  ${paint.dim(clause)}`] : [first, `${indent}    ${paint.dim(clause)}`];
}

/** Breaks a text between words. */
function wrapped(text: string, margin: string, columns: number): string[] {
  return wrapWords(text, columns - margin.length).map((line) => margin + line);
}
