import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shippedUnits } from '../../scripts/shippedUnits.js';

const TEXT = readFileSync(new URL('../../../docs/kpis.md', import.meta.url), 'utf8');

it('docs/kpis.md says of each KPI when it is late and whether that alerts', async () => {
  const section = TEXT.slice(TEXT.indexOf('\n### Which KPIs alert when they are late\n'));
  const rows = [...section.matchAll(/^\| (`.+`) \| ([^|]+) \| (yes|no) \| [^|]+ \|$/gm)];
  const said = rows.flatMap(([, kpis = '', lag = '', alerts]) =>
    [...kpis.matchAll(/`(\w+)`/g)].map(([, kpi = '']) => `${kpi} ${lag} ${alerts ?? ''}`),
  );
  const units = await shippedUnits();
  const shipped = units.map(
    (unit) => `${unit.name} ${lagText(unit.acceptableLagSeconds)} ${unit.alertWhenLate ? 'yes' : 'no'}`,
  );
  expect(said.toSorted()).toEqual(shipped.toSorted());
});

function lagText(seconds: number): string {
  return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}
