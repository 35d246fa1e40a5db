import { pageStyle } from '../../server/htmlPage.js';

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --text: #1a2330; --soft: #55606e; --line: #dde2e8; --link: #1a53b8;
  --ok: #0a6640; --ok-back: #e2f4ea; --bad: #a3210f; --bad-back: #fdebe7; --wait: #754700; --wait-back: #fcf0d7;
  --plain-back: #eef1f4; --draw: #2b6cb0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --card: #181e26; --text: #e7ebf0; --soft: #a3aebb; --line: #2c3540; --link: #8db6ff;
    --ok: #7ad6a6; --ok-back: #11301f; --bad: #ff9f8e; --bad-back: #3a1914; --wait: #f0c26e; --wait-back: #35280b;
    --plain-back: #232b35; --draw: #6fa8ff;
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
a:focus-visible, .scroll:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.page { max-width: 1280px; margin: 0 auto; padding: 0 clamp(12px, 3vw, 28px); }
h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); }
h2 { font-size: 1.15rem; font-weight: 650; margin: 2.2rem 0 0.8rem; }
h3 { font-size: 1rem; font-weight: 650; line-height: 1.3; }
ul { list-style: none; }
.soft { color: var(--soft); }
.small { font-size: 0.87rem; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 8px; background: var(--card); padding: 6px 12px; z-index: 1; }

.top { background: var(--card); border-bottom: 1px solid var(--line); padding: 20px 0 14px; }
.overall { font-size: clamp(1.3rem, 1rem + 1.6vw, 1.8rem); color: var(--text); line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 4px 0 6px; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.links { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 18px; margin-top: 8px; }
.links a { display: inline-block; padding: 3px 0; }
.head { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; }
.head h1 { min-width: 0; }
.about { max-width: 80ch; margin-bottom: 6px; }
.nobr { white-space: nowrap; }
.note { margin-top: 8px; }

.badges { display: flex; flex-wrap: wrap; gap: 4px; }
.badge { display: inline-block; white-space: nowrap; font-size: 0.82rem; font-weight: 600; padding: 1px 9px; border-radius: 999px; background: var(--plain-back); }
.badge.ok { background: var(--ok-back); } .badge.bad { background: var(--bad-back); } .badge.wait { background: var(--wait-back); }
.met { color: var(--ok); font-weight: 600; } .behind { color: var(--bad); font-weight: 600; }
span.met, span.behind { white-space: nowrap; }

.attention { margin-top: 20px; }
.attention h2 { margin-top: 0; }
.attention > ul { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.attention > ul > li { display: grid; gap: 2px 14px; grid-template-columns: 8.5rem minmax(0, 1fr) minmax(0, 22rem); align-items: baseline; padding: 8px 16px; border-top: 1px solid var(--line); }
.attention > ul > li:first-child { border-top: 0; }
.attention .badge { justify-self: start; }
.attention .todo { color: var(--soft); }
.attention > p { margin-top: 6px; }

table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--soft); padding: 10px 0 4px; font-size: 0.87rem; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; overflow-wrap: normal; font-weight: 600; color: var(--soft); vertical-align: bottom; font-size: 0.85rem; }
tbody th { font-weight: 500; }
tr > :last-child { padding-right: 0; }
.scroll { position: relative; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 4px 16px 8px; }
.scroll + .scroll { margin-top: 12px; }
.num { text-align: right; white-space: nowrap; overflow-wrap: normal; }
thead .num { white-space: normal; }
.target { display: block; font-size: 0.85rem; color: var(--soft); font-weight: 400; }
.series th, .series td { min-width: 5.5rem; } .series .label { min-width: 7rem; max-width: 22rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 16px; margin: 12px 0 0; font-size: 0.82rem; line-height: 1.5; white-space: pre-wrap; }

.kpis { background: var(--card); border: 1px solid var(--line); border-radius: 12px; border-collapse: separate; border-spacing: 0; padding: 4px 16px; }
.kpis td, .kpis th { vertical-align: middle; }
.kpis .name a { font-weight: 600; }
.kpis .figure { font-size: 1.08rem; font-weight: 650; letter-spacing: -0.01em; }
.kpis .past { width: 150px; }
.kpis .value { min-width: 8.5rem; max-width: 14rem; }
.kpis .run, .kpis .age { white-space: nowrap; }
.kpis .state .badges { flex-direction: column; align-items: start; }
.lab { display: none; }
.spark { display: block; width: 140px; height: 32px; overflow: visible; }
.line { fill: none; stroke: var(--draw); stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.spark .dot, .chart .dot { stroke-width: 4; }
.values .past { width: 160px; vertical-align: middle; }
.values th { min-width: 15rem; } .values td { min-width: 7rem; }

.chart { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 16px; }
.chart figcaption { font-size: 0.87rem; color: var(--soft); margin-bottom: 8px; }
.chart > svg { display: block; width: 100%; height: 220px; overflow: visible; }
.chart .grid { stroke: var(--line); vector-effect: non-scaling-stroke; }
.chart path.limit { stroke: var(--wait); stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
.chart .band { fill: var(--draw); opacity: 0.16; }
.chart text { font-size: 12px; fill: var(--soft); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.chart text.limit { fill: var(--wait); }
.axis { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); }

.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 18px; font-size: 0.9rem; }
.facts dt { color: var(--soft); }
.plain { display: grid; gap: 3px; font-size: 0.9rem; }
h3 { margin: 12px 0 4px; }
.error { border-left: 3px solid var(--line); padding-left: 10px; font-size: 0.87rem; margin-top: 12px; }
.error.now { border-color: var(--bad); }
.error .message { display: block; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.82rem; white-space: pre-wrap; }
main > p { margin-top: 14px; }

.thresholds { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 6px 18px 12px; }
.thresholds table + table { margin-top: 16px; }
.thresholds caption { font-weight: 650; color: var(--text); font-size: 0.95rem; padding-top: 12px; text-transform: capitalize; }
.thresholds .why { color: var(--soft); }
.foot { color: var(--soft); font-size: 0.87rem; padding-top: 28px; padding-bottom: 36px; }

@media (max-width: 1139px) {
  .attention > ul > li { grid-template-columns: 8.5rem minmax(0, 1fr); }
  .attention .todo { grid-column: 2; }
  .kpis, .kpis tbody { display: block; }
  .kpis thead { position: absolute; left: -9999px; }
  .kpis tr { display: grid; gap: 2px 16px; padding: 10px 0; border-top: 1px solid var(--line); align-items: center;
    grid-template: "name state" auto "value past" auto "target past" auto "change change" auto / minmax(0, 1fr) minmax(0, 9rem); }
  .kpis tbody tr:first-child { border-top: 0; }
  .kpis th, .kpis td { border: 0; padding: 0; display: block; min-width: 0; }
  .kpis td.value { max-width: none; } .kpis td.past { width: auto; }
  .kpis .name { grid-area: name; } .kpis .value { grid-area: value; } .kpis .target { grid-area: target; font-size: 0.9rem; color: inherit; }
  .kpis .past { grid-area: past; } .kpis .state { grid-area: state; } .kpis .change { grid-area: change; }
  .kpis .change div { display: inline; }
  .kpis .age, .kpis .run { font-size: 0.85rem; white-space: normal; }
  .kpis .run { text-align: right; }
  .kpis .state .badges { justify-content: end; align-items: end; }
  .kpis .lab { display: inline; }
  .spark { width: 100%; }
}
@media (max-width: 560px) {
  .attention > ul > li { grid-template-columns: minmax(0, 1fr); padding: 10px 12px; }
  .attention .todo { grid-column: 1; }
  .kpis { padding: 2px 12px; }
  .chart > svg { height: 170px; }
  .values, .values tbody { display: block; }
  .values thead { position: absolute; left: -9999px; }
  .values tr { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 12px; padding: 9px 0; border-top: 1px solid var(--line); }
  .values tbody tr:first-child { border-top: 0; }
  .values th, .values td { display: block; border: 0; padding: 0; min-width: 0; }
  .values th, .values td.past { grid-column: 1 / -1; width: auto; }
  .values .lab { display: inline; }
  .facts { grid-template-columns: minmax(0, 1fr); } .facts dd { margin-bottom: 6px; }
  .thresholds thead { position: absolute; left: -9999px; }
  .thresholds tbody tr { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; border-top: 1px solid var(--line); padding: 7px 0; }
  .thresholds th, .thresholds td { border: 0; padding: 0; }
  .thresholds .why { grid-column: 1 / -1; }
}
@media (forced-colors: active) { .badge, .attention > ul { border: 1px solid; } }
@media print { tr, .attention li { break-inside: avoid; } }
`;

export const STATUS_PAGE_STYLE = pageStyle(STYLE);
