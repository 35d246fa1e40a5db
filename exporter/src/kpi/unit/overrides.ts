import type { KpiOverride } from '../../config/exporterConfig.js';
import type { Problem } from '../../yaml/problem.js';
import { formatQuantity } from '../../config/quantity.js';
import type { Schedule } from '../../config/scheduleSchema.js';
import type { KpiUnit } from './unit.js';

const duration = (seconds: number): string => formatQuantity(seconds, 'seconds');

/** How exporter.yaml calls what may be overridden, and how people write its value. */
const KEYS: { readonly [K in keyof KpiOverride]-?: readonly [key: string, write: (value: never) => string] } = {
  enabled: ['enabled', String],
  schedule: [
    'schedule',
    (schedule: Schedule) =>
      schedule.kind === 'cron' ? `cron "${schedule.expression}"` : `every ${duration(schedule.intervalMs / 1_000)}`,
  ],
  onChange: ['on_change', (tables: readonly string[]) => `[${tables.join(', ')}]`],
  timeoutMs: ['timeout', (milliseconds: number) => duration(milliseconds / 1_000)],
  acceptableLagSeconds: ['acceptable_lag', duration],
  alertWhenLate: ['alert_when_late', String],
  maxSeries: ['max_series', String],
  position: ['position', (position: number | null) => String(position ?? 'none')],
};

/** Each override of a unit at its place in exporter.yaml: `1h -> 2h`, what the unit says and what is in force. */
export function overridesInForce(
  unit: KpiUnit,
  override: KpiOverride,
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Problem[] {
  const own = { ...unit, enabled: true };
  return Object.entries(KEYS).flatMap(([name, [key, write]]) => {
    const property = name as keyof KpiOverride;
    if (override[property] === undefined) return [];
    const [before, after] = [write(own[property] as never), write(override[property] as never)];
    const message =
      before === after ? `${before}, as the KPI's own file says: not needed here` : `${before} -> ${after}`;
    return [problemAt(['kpis', unit.name, key], message)];
  });
}
