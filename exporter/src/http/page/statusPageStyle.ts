import { createHash } from 'node:crypto';

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --text: #1a2330; --soft: #55606e; --line: #dde2e8; --track: #e3e7ec; --link: #1a53b8;
  --ok: #0a6640; --ok-back: #e2f4ea; --bad: #a3210f; --bad-back: #fdebe7; --wait: #754700; --wait-back: #fcf0d7;
  --plain-back: #eef1f4; --fill: #2c8a5d; --fill-bad: #c8402c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181e26; --text: #e7ebf0; --soft: #a3aebb; --line: #2c3540; --track: #2f3843; --link: #8db6ff;
    --ok: #7ad6a6; --ok-back: #11301f; --bad: #ff9f8e; --bad-back: #3a1914; --wait: #f0c26e; --wait-back: #35280b;
    --plain-back: #232b35; --fill: #4bb381; --fill-bad: #ef7a66;
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
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.page { max-width: 1280px; margin: 0 auto; padding: 0 clamp(12px, 3vw, 28px); }
h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); }
h2 { font-size: 1.15rem; font-weight: 650; margin: 2.2rem 0 0.8rem; }
h3 { font-size: 1.02rem; font-weight: 650; line-height: 1.3; }
ul { list-style: none; }
.soft { color: var(--soft); }
.small { font-size: 0.87rem; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 8px; background: var(--card); padding: 6px 12px; z-index: 1; }

.top { background: var(--card); border-bottom: 1px solid var(--line); padding: 22px 0 18px; }
.overall { font-size: clamp(1.35rem, 1rem + 1.8vw, 2rem); line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 4px 0 6px; }
.overall .ok, .overall .bad, .overall .wait { background: none; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.links { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 12px; }
.links + .links { margin-top: 4px; }
.links a { display: inline-block; padding: 3px 0; }
.facts-line { display: flex; flex-wrap: wrap; gap: 0 18px; }

.notice { border: 1px solid; border-radius: 10px; padding: 12px 16px; margin-top: 18px; }
.notice.bad { background: var(--bad-back); } .notice.wait { background: var(--wait-back); }
.notice h2 { margin: 0 0 4px; font-size: 1rem; }
.notice ul { display: grid; gap: 4px; }
.notice li, .notice p { color: var(--text); }

.cards { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 370px), 1fr)); grid-auto-flow: dense; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; min-width: 0; display: flex; flex-direction: column; gap: 12px; scroll-margin-top: 12px; }
@media (min-width: 820px) { .card:has(details[open] .many-columns) { grid-column: span 2; } }
.card.is-late, .card.is-failing { border-color: var(--bad); }
.card:target { outline: 3px solid var(--link); }
.card-head { display: flex; flex-wrap: wrap; gap: 6px 10px; justify-content: space-between; align-items: start; }
.card-head h3 { flex: 1 1 12ch; min-width: 0; }
.badges { display: flex; flex-wrap: wrap; gap: 6px; }
.badge { display: inline-block; white-space: nowrap; font-size: 0.82rem; font-weight: 600; padding: 1px 9px; border-radius: 999px; background: var(--plain-back); }
.badge.ok { background: var(--ok-back); } .badge.bad { background: var(--bad-back); } .badge.wait { background: var(--wait-back); }
.about { color: var(--soft); font-size: 0.9rem; }
.stale { color: var(--bad); font-weight: 650; }

.figures { display: grid; gap: 10px 16px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 142px), 1fr)); }
.figures > div { display: flex; flex-direction: column; min-width: 0; }
.figures dt { font-size: 0.85rem; color: var(--soft); line-height: 1.35; margin-bottom: auto; }
.figures .value { font-size: 1.35rem; font-weight: 650; letter-spacing: -0.01em; line-height: 1.35; }
.figures .none { font-size: 1rem; font-weight: 500; color: var(--soft); line-height: 1.82; }
.target { display: block; font-size: 0.85rem; color: var(--soft); }
.met { color: var(--ok); font-weight: 600; white-space: nowrap; } .behind { color: var(--bad); font-weight: 600; white-space: nowrap; }

.clock { font-size: 0.87rem; }
.clock svg { display: block; width: 100%; height: 5px; border-radius: 3px; margin-top: 4px; overflow: hidden; }
.track { fill: var(--track); } .fill { fill: var(--fill); } .fill-bad { fill: var(--fill-bad); }
.clocks { display: grid; gap: 8px; }

.error { border-left: 3px solid var(--line); padding-left: 10px; font-size: 0.87rem; }
.error.now { border-color: var(--bad); }
.error .message { display: block; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.82rem; white-space: pre-wrap; }

details { border-top: 1px solid var(--line); padding-top: 8px; }
summary { cursor: pointer; font-size: 0.9rem; font-weight: 600; color: var(--link); padding: 2px 0; }
.scroll { overflow-x: auto; margin-top: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 0.87rem; }
caption { text-align: left; color: var(--soft); padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-weight: 600; color: var(--soft); vertical-align: bottom; }
tbody th { font-weight: 500; }
tr > :last-child { padding-right: 0; }
.num { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.series th, .series td { min-width: 5.5rem; } .series .label { min-width: 6rem; max-width: 22rem; } .many-columns th.label { min-width: 9rem; }
thead .num { white-space: normal; }
thead .target { font-weight: 400; }
.values { margin-top: 8px; font-size: 0.87rem; }
.values > div { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 14px; border-top: 1px solid var(--line); padding: 6px 0; }
.values .help { grid-column: 1 / -1; color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
.card-facts { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; font-size: 0.85rem; border-top: 1px solid var(--line); padding-top: 10px; margin-top: auto; }
.card-facts dt { color: var(--soft); }

.thresholds { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 6px 18px 12px; }
.thresholds table + table { margin-top: 16px; }
.thresholds caption { font-weight: 650; color: var(--text); font-size: 0.95rem; padding-top: 12px; text-transform: capitalize; }
.thresholds .why { color: var(--soft); }
.foot { color: var(--soft); font-size: 0.87rem; padding-top: 28px; padding-bottom: 36px; }
@media (max-width: 560px) {
  .thresholds thead { position: absolute; left: -9999px; }
  .thresholds tbody tr { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; border-top: 1px solid var(--line); padding: 7px 0; }
  .thresholds th, .thresholds td { border: 0; padding: 0; }
  .thresholds .why { grid-column: 1 / -1; }
}
@media (forced-colors: active) { .badge, .card, .notice { border: 1px solid; } }
@media print { .cards { display: block; } .card { break-inside: avoid; margin-bottom: 12px; } }
`;

/** The status page's only style sheet, and the hash that lets it (and no other) through the Content-Security-Policy. */
export const STATUS_PAGE_STYLE = {
  css: STYLE,
  hash: `sha256-${createHash('sha256').update(STYLE).digest('base64')}`,
} as const;
