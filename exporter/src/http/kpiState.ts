import type { KpiStatus } from './statusModel.js';

/**
 * on_time: both clocks are within the acceptable lag; late: one is not; no_value: no run has succeeded yet.
 * `failing` is beside it: the newest run failed, whether or not the kept values are still fresh enough.
 */
export interface KpiState {
  readonly state: 'on_time' | 'late' | 'no_value';
  readonly failing: boolean;
  /** Seconds since the last success; null without one. */
  readonly successAgeSeconds: number | null;
  /** Age of the rows in seconds, 0 when their day is not over; null without such a clock. */
  readonly dataAgeSeconds: number | null;
}

/** The SLA state of a KPI: the age of its last success and the age of its rows, each against the acceptable lag. */
export function kpiState(kpi: KpiStatus, now: Date): KpiState {
  const successAgeSeconds = ageSeconds(kpi.lastSuccess, now);
  const dataAgeSeconds = ageSeconds(kpi.dataTimestamp, now);
  const isLate = [successAgeSeconds, dataAgeSeconds].some((age) => age !== null && age > kpi.acceptableLagSeconds);
  const failing =
    kpi.lastError !== null && (kpi.lastSuccess === null || kpi.lastError.at.getTime() > kpi.lastSuccess.getTime());
  const state = successAgeSeconds === null ? 'no_value' : isLate ? 'late' : 'on_time';
  return { state, failing, successAgeSeconds, dataAgeSeconds };
}

function ageSeconds(moment: Date | null, now: Date): number | null {
  return moment === null ? null : Math.max(0, (now.getTime() - moment.getTime()) / 1000);
}
