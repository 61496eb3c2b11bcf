/** The style of every page of the emulator: one column, system fonts, light and dark, comfortable on a phone. */
export const pageStyle = `
:root {
  --ground: #f4f3f8; --card: #ffffff; --text: #1c1b22; --muted: #5f5d6b; --line: #d9d7e2; --edge: #8a8798; --field: #ffffff;
  --accent: #5d34f2; --on-accent: #ffffff; --soft: #efeafe; --bad: #b3261e; --bad-soft: #fdecea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121117; --card: #1d1b24; --text: #eeedf3; --muted: #a9a6b8; --line: #3a3745; --edge: #77738a; --field: #15141b;
    --accent: #8f75ff; --on-accent: #100b26; --soft: #2a2540; --bad: #ffb4ab; --bad-soft: #3b1a18;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; align-content: center; justify-items: center;
  padding: 1.5rem 1rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main {
  width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; overflow-wrap: anywhere;
}
main.wide { max-width: 46rem; }
main > :last-child { margin-bottom: 0; }
.badge { margin: 0 0 1.5rem; color: var(--muted); font-size: .8125rem; }
.badge a { color: inherit; font-weight: 600; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 2rem 0 .75rem; font-size: 1rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; }
.lead { margin: 0 0 1.5rem; color: var(--muted); }
.lead strong { color: var(--text); }
label { display: block; margin: 1rem 0 .375rem; font-weight: 600; font-size: .9375rem; }
.hint { margin: .375rem 0 0; color: var(--muted); font-size: .875rem; }
input[type=text], input[type=password] {
  width: 100%; min-height: 2.875rem; padding: .625rem .875rem; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--edge); border-radius: .625rem;
}
[aria-invalid=true] { border-color: var(--bad) !important; }
button, input[type=submit] {
  width: 100%; min-height: 2.875rem; margin-top: 1.5rem; padding: .625rem 1rem; font: inherit; font-weight: 600;
  color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .625rem;
  cursor: pointer;
}
input[type=submit] { margin-top: .75rem; color: var(--text); background: transparent; border-color: var(--edge); }
button:hover, input[type=submit]:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); text-underline-offset: .15em; }
.alert {
  margin: 0 0 1rem; padding: .75rem .875rem; color: var(--bad); background: var(--bad-soft); border-radius: .625rem;
}
.other { margin: 1.25rem 0 0; text-align: center; }
details { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
summary { cursor: pointer; }
ul.users { margin: 0; padding: 0; list-style: none; }
.users input { margin-top: .5rem; font-size: 1rem; background: var(--soft); border-color: transparent; text-align: start; white-space: normal; overflow-wrap: anywhere; }
.users .hint { margin: .25rem .875rem .75rem; }
details.more { margin-top: .75rem; padding-top: 0; border: 0; }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.5rem 0 0; color: var(--muted); font-size: .875rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
ul.accounts { margin: .75rem 0 0; padding: 0; list-style: none; }
.box { margin: 0 0 .75rem; padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; }
dl { display: grid; grid-template-columns: 8.5rem 1fr; gap: .25rem 1rem; margin: 0; font-size: .9375rem; }
dt { color: var(--muted); }
dd { margin: 0; }
dd code { display: block; width: fit-content; }
code {
  padding: .0625rem .3125rem; background: var(--soft); border-radius: .3125rem;
  font: .875em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
@media (max-width: 30rem) {
  body { padding: 0; align-content: stretch; background: var(--card); }
  main, main.wide { max-width: none; padding: 1.5rem 1.25rem; border: 0; border-radius: 0; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`;
