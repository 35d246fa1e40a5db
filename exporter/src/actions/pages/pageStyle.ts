import { pageStyle } from '../../server/htmlPage.js';

// The colours and measures of the exporter's status page.
const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --text: #1a2330; --soft: #55606e; --line: #dde2e8; --link: #1a53b8; --button: #1f5fa8;
  --ok: #0a6640; --ok-back: #e2f4ea; --bad: #a3210f; --bad-back: #fdebe7; --wait: #754700; --wait-back: #fcf0d7; --plain-back: #eef1f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181e26; --text: #e7ebf0; --soft: #a3aebb; --line: #2c3540; --link: #8db6ff; --button: #1f5fa8;
    --ok: #7ad6a6; --ok-back: #11301f; --bad: #ff9f8e; --bad-back: #3a1914; --wait: #f0c26e; --wait-back: #35280b; --plain-back: #232b35;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
a { color: var(--link); text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.page { max-width: 1080px; margin: 0 auto; padding: 0 clamp(12px, 3vw, 28px); }
.narrow { max-width: 680px; }
h1, h2, h3, p, dl, dd, ul, pre { margin: 0; padding: 0; }
.top { background: var(--card); border-bottom: 1px solid var(--line); padding: 22px 0 18px; }
.top p { color: var(--soft); font-weight: 600; }
h1 { font-size: clamp(1.35rem, 1rem + 1.8vw, 2rem); line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 4px 0; }
h2 { font-size: 1.15rem; font-weight: 650; margin: 2rem 0 0.7rem; }
h3 { font-size: 1.02rem; font-weight: 650; line-height: 1.35; }
ul { list-style: none; display: grid; gap: 10px; }
.soft { color: var(--soft); } .small { font-size: 0.87rem; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.links { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 8px; } .links a { padding: 3px 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; margin-top: 14px; min-width: 0; }
ul > .card { margin-top: 0; }
.card-head { display: flex; flex-wrap: wrap; gap: 6px 10px; justify-content: space-between; align-items: start; }
.card-head h3 { flex: 1 1 16ch; min-width: 0; }
.badge { white-space: nowrap; font-size: 0.82rem; font-weight: 600; padding: 1px 9px; border-radius: 999px; background: var(--plain-back); }
.badge.ok { background: var(--ok-back); } .badge.bad { background: var(--bad-back); } .badge.wait { background: var(--wait-back); }
.facts { display: grid; grid-template-columns: minmax(5.5rem, auto) 1fr; gap: 4px 14px; }
.facts dt { color: var(--soft); }
.proposal { white-space: pre-wrap; font: inherit; }
.error { white-space: pre-wrap; font: 0.82rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; margin-top: 6px; }
form { margin-top: 14px; display: grid; gap: 10px; justify-items: start; }
.card form { margin-top: 8px; }
label { font-weight: 600; }
textarea, input:not([type=checkbox]), select { width: 100%; min-height: 44px; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 8px; padding: 10px 12px; }
textarea { min-height: 8rem; }
fieldset { border: 1px solid var(--line); width: 100%; } fieldset.card { margin-top: 0; }
legend { font-size: 1.05rem; font-weight: 650; padding: 0 6px; margin-left: -6px; }
.field { margin-top: 16px; width: 100%; display: grid; gap: 4px; } .field + button { margin-top: 14px; }
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.check { display: flex; gap: 10px; align-items: start; font-weight: 400; min-height: 44px; padding: 8px 0; } .check input { width: 22px; height: 22px; flex: none; margin: 0; }
.last-first { flex-direction: row-reverse; justify-content: flex-end; }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; width: 100%; }
button { font: inherit; font-weight: 650; min-height: 44px; padding: 8px 22px; border-radius: 8px; border: 1px solid var(--button); background: var(--button); color: #ffffff; cursor: pointer; }
button.plain { background: var(--card); color: var(--text); border-color: var(--soft); }
.foot { color: var(--soft); font-size: 0.87rem; padding-top: 28px; padding-bottom: 36px; }
@media (max-width: 480px) { .buttons button { flex: 1 1 100%; } .last-first { flex-direction: column-reverse; } .last-first button { flex: none; width: 100%; } }
@media (forced-colors: active) { .badge, .card, button { border: 1px solid; } }
`;

export const PAGE_STYLE = pageStyle(STYLE);
