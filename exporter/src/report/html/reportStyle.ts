import { pageStyle } from '../../server/htmlPage.js';

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1a2330; --soft: #55606e; --line: #dde2e8; --head: #f5f6f8;
  --good: #0a6640; --bad: #a3210f; --wait: #754700; --bad-back: #fdebe7; --accent: #1a53b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141a; --text: #e7ebf0; --soft: #a3aebb; --line: #2c3540; --head: #181e26;
    --good: #7ad6a6; --bad: #ff9f8e; --wait: #f0c26e; --bad-back: #3a1914; --accent: #8db6ff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 28px clamp(14px, 4vw, 40px) 48px; max-width: 1020px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
h1, h2, h3, p, ol, ul { margin: 0; padding: 0; }
.kicker { color: var(--soft); font-weight: 600; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; font-weight: 680; }
.as-of { color: var(--soft); margin-top: 4px; }
h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 660; margin: 44px 0 12px; padding-top: 14px; border-top: 2px solid var(--text); }
main > section:first-child h2 { margin-top: 18px; }
h3 { font-size: 1rem; font-weight: 640; margin: 24px 0 6px; }
.sentences { padding-left: 1.3em; display: grid; gap: 6px; font-size: 1.04rem; margin-bottom: 18px; max-width: 76ch; }
.sentences li::marker { color: var(--soft); }
.bullets { padding-left: 1.2em; max-width: 90ch; }
.note { color: var(--soft); font-size: 0.87rem; margin-top: 6px; max-width: 90ch; }
.note.bad { color: var(--bad); background: var(--bad-back); padding: 8px 12px; border-radius: 6px; margin: 0 0 16px; }
.empty { color: var(--soft); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; line-height: 1.35; }
th, td { text-align: left; vertical-align: top; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-weight: 600; font-size: 0.84rem; vertical-align: bottom; border-bottom-color: var(--soft); }
tr > :last-child { padding-right: 0; }
tbody th { font-weight: 550; min-width: 9rem; overflow-wrap: anywhere; }
.narrow { display: none; }
tfoot th, tfoot td { font-weight: 650; border-bottom: 0; border-top: 1px solid var(--soft); }
.right { text-align: right; white-space: nowrap; }
.under { display: block; color: var(--soft); font-size: 0.84rem; font-weight: 400; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); } .soft { color: var(--soft); }
td.good, td.bad { font-weight: 550; white-space: nowrap; }
figure { margin: 0 0 22px; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; margin-top: 8px; color: var(--text); }
figcaption { font-weight: 640; }
.actions { padding-left: 1.4em; display: grid; gap: 14px; max-width: 80ch; }
.actions b { font-weight: 640; }
.actions .rule { color: var(--soft); font-size: 0.87rem; }
@media screen and (max-width: 640px) {
  .wide { display: none; } .narrow { display: block; }
  thead { position: absolute; left: -9999px; }
  tbody tr, tfoot tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 4px 12px; padding: 9px 0; border-bottom: 1px solid var(--line); }
  tbody th, tfoot th { grid-column: 1 / -1; padding: 0; border: 0; }
  tfoot tr { border-bottom: 0; border-top: 1px solid var(--soft); }
  td, td.right, tfoot td { text-align: left; padding: 0; border: 0; white-space: normal; overflow-wrap: anywhere; }
  td::before { content: attr(data-label); display: block; color: var(--soft); font-size: 0.8rem; font-weight: 400; }
}
@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { color-scheme: light; --page: #fff; --text: #1a2330; --soft: #55606e; --line: #dde2e8; --good: #0a6640; --bad: #a3210f; --wait: #754700; --bad-back: #fdebe7; }
  body { padding: 0; font-size: 10pt; max-width: none; }
  h2, h3, figcaption { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
}
`;

export const REPORT_STYLE = pageStyle(STYLE);
