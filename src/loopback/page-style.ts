/** The only style of the pages; its hash is what their Content-Security-Policy allows. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --edge: #e2e4e9; --text: #17181c; --quiet: #555a66;
  --success: #0f7a4a; --failure: #b42332; --notice: #8a5a00; --tint: 10%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101115; --card: #1a1c22; --edge: #30333d; --text: #f0f1f4; --quiet: #a9aebb;
    --success: #5bd69c; --failure: #ff8b93; --notice: #f2c063; --tint: 16%;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 24px 16px;
  display: grid; place-items: center; align-content: center; gap: 20px;
  background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main {
  width: 100%; max-width: 30rem; padding: 40px 36px 36px;
  background: var(--card); border: 1px solid var(--edge); border-radius: 16px;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px rgb(0 0 0 / 6%);
}
.success { --tone: var(--success); }
.failure { --tone: var(--failure); }
.notice { --tone: var(--notice); }
.mark {
  display: block; width: 52px; height: 52px; padding: 13px; border-radius: 50%; margin-bottom: 20px;
  color: var(--tone); background: color-mix(in srgb, currentColor var(--tint), transparent);
  fill: none; stroke: currentColor; stroke-width: 2.75; stroke-linecap: round; stroke-linejoin: round;
}
h1 { margin: 0 0 8px; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
p { margin: 0 0 8px; color: var(--quiet); }
.failure h1 + p { color: var(--text); }
p:last-child { margin-bottom: 0; }
dl { margin: 20px 0; border-top: 1px solid var(--edge); }
dl:last-child { margin-bottom: 0; }
dl div { padding: 12px 0; border-bottom: 1px solid var(--edge); }
dl:last-child div:last-child { padding-bottom: 0; border-bottom: 0; }
dt { color: var(--quiet); font-size: 0.8125rem; }
dd { margin: 0; }
code { font: 0.9375em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
footer { color: var(--quiet); font-size: 0.8125rem; text-align: center; }
@media (max-width: 30rem) { main { padding: 28px 22px 24px; } }
`;
