/** The style of the page of a trace: light and dark, and one column on a phone. */
export const htmlStyle = `
:root {
  color-scheme: light dark;
  --ground: #f5f5f8; --card: #fff; --edge: #e1e1e9; --text: #18181f; --quiet: #5d5e6c; --soft: #f0f0f5;
  --accent: #4f46e5; --browser: #9a8cf5; --good: #0f7a4a; --bad: #b42332; --bad-soft: #fdeef0; --veil: #8a5a00; --veil-soft: #fdf4df;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101116; --card: #191b22; --edge: #2e313c; --text: #eff0f5; --quiet: #a5a8b8; --soft: #22242d;
    --accent: #8b85ff; --browser: #5a52b8; --good: #5bd69c; --bad: #ff8b93; --bad-soft: #351c21; --veil: #f0c777; --veil-soft: #2d2617;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 2.5rem 1.25rem 4rem; background: var(--ground); color: var(--text); overflow-wrap: anywhere;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 62rem; margin: 0 auto; }
.brand { margin: 0; color: var(--quiet); font-size: .8125rem; }
h1 { margin: .125rem 0 .25rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.0625rem; }
h3 { margin: 1.25rem 0 .375rem; color: var(--quiet); font-size: .8125rem; font-weight: 600; }
.lead { margin: 0; color: var(--quiet); }
.error { margin: 1.25rem 0 0; padding: .875rem 1rem; background: var(--bad-soft); border-radius: .75rem; }
.error p { margin: 0; }
.error b { color: var(--bad); }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: .875rem; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.line { margin: 0; padding: .5rem; list-style: none; }
.line a {
  display: grid; grid-template-columns: minmax(0, 19rem) minmax(0, 1fr) 4.25rem; gap: .875rem; align-items: center;
  padding: .375rem .625rem; border-radius: .5rem; color: inherit; text-decoration: none;
}
.line a:hover { background: var(--soft); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.line .what { font-size: .875rem; line-height: 1.35; }
.line .time { color: var(--quiet); font-size: .8125rem; text-align: right; font-variant-numeric: tabular-nums; }
.track { position: relative; height: .875rem; background: var(--soft); border-radius: .25rem; overflow: hidden; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 4px; border-radius: .25rem; background: var(--accent); }
.bar.browser {
  background: repeating-linear-gradient(135deg, var(--browser) 0 6px, color-mix(in srgb, var(--browser) 55%, transparent) 6px 12px);
}
.bar.local { background: var(--quiet); }
.bar.failed { background: var(--bad); }
.gap { position: absolute; top: 0; bottom: 0; background: repeating-linear-gradient(90deg, transparent 0 3px, color-mix(in srgb, var(--quiet) 30%, transparent) 3px 4px); }
.note { margin: .5rem 0 0; color: var(--quiet); font-size: .8125rem; }
details { margin: 0 0 .625rem; }
summary {
  display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; padding: .75rem 1rem; cursor: pointer;
  border-radius: .875rem;
}
summary::before { content: "▸"; color: var(--quiet); }
details[open] > summary::before { content: "▾"; }
summary::-webkit-details-marker { display: none; }
summary .name { flex: 1 1 16rem; font-weight: 600; }
.number { color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums; }
summary .facts { color: var(--quiet); font-size: .8125rem; font-variant-numeric: tabular-nums; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.body { padding: 0 1rem 1.125rem; scroll-margin-top: 6.5rem; }
.body > p { margin: 0; }
.address { padding: .5rem .75rem; background: var(--soft); border-radius: .5rem; }
.fields { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); margin: 0; }
.fields > div { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; column-gap: 1.25rem; padding: .3125rem 0; border-top: 1px solid var(--edge); }
.fields > div:first-child { border-top: 0; }
dt { max-width: 17rem; }
dd { margin: 0; }
.meaning { display: block; color: var(--quiet); font-size: .8125rem; }
.veiled { padding: .0625rem .375rem; color: var(--veil); background: var(--veil-soft); border-radius: .3125rem; }
dd .fields { margin: .375rem 0 .125rem; padding-left: .875rem; border-left: 2px solid var(--edge); }
.checks { margin: 0; padding: 0; list-style: none; }
.checks li { display: grid; grid-template-columns: 1.125rem minmax(0, 1fr); gap: .375rem; padding: .1875rem 0; }
.clause { color: var(--quiet); font-size: .8125rem; }
footer { margin-top: 2.5rem; color: var(--quiet); font-size: .8125rem; }
@media (max-width: 40rem) {
  body { padding: 1.5rem .875rem 3rem; }
  .line a { grid-template-columns: minmax(0, 1fr) auto; gap: .25rem .75rem; padding: .5rem; }
  .line .track { grid-row: 2; grid-column: 1 / -1; }
  .fields { grid-template-columns: minmax(0, 1fr); }
  dt { max-width: none; color: var(--quiet); }
  dd .fields { padding-left: .625rem; }
}
@media print { details { break-inside: avoid; } }
`;
