import type { KpiStatus } from './statusModel.js';

/**
 * on_time: both clocks are within the acceptable lag; late: one is not; no_value: no run has succeeded yet; no_data: the last
 * success has no sample, and nothing tells that there are rows behind it. A list that is empty beside rows or a writer that
 * are known (a data timestamp) is an answer: on_time.
 * `failing` is beside it: the newest run failed, whether or not the kept values are still fresh enough.
 */
export interface SlaState {
  readonly state: 'on_time' | 'late' | 'no_value' | 'no_data';
  readonly failing: boolean;
  /** Seconds since the last success; null without one. */
  readonly successAgeSeconds: number | null;
  /** Age of the rows in seconds, 0 when their day is not over; null without such a clock. */
  readonly dataAgeSeconds: number | null;
}

/** The SLA state of a KPI: the age of its last success and the age of its rows, each against the acceptable lag. */
export function slaState(kpi: KpiStatus, now: Date): SlaState {
  const successAgeSeconds = ageSeconds(kpi.lastSuccess, now);
  const dataAgeSeconds = ageSeconds(kpi.dataTimestamp, now);
  const isLate = [successAgeSeconds, dataAgeSeconds].some((age) => age !== null && age > kpi.acceptableLagSeconds);
  const failing =
    kpi.lastError !== null && (kpi.lastSuccess === null || kpi.lastError.at.getTime() > kpi.lastSuccess.getTime());
  const isEmpty = kpi.dataTimestamp === null && kpi.metrics.every(({ samples }) => samples.length === 0);
  const fresh = isEmpty ? 'no_data' : 'on_time';
  const state = successAgeSeconds === null ? 'no_value' : isLate ? 'late' : fresh;
  return { state, failing, successAgeSeconds, dataAgeSeconds };
}

function ageSeconds(moment: Date | null, now: Date): number | null {
  return moment === null ? null : Math.max(0, (now.getTime() - moment.getTime()) / 1000);
}
