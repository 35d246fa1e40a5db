import { lateAlert } from '../shared/lateAlert.js';

export const synergyValueLoggingFailure = lateAlert({
  name: 'SynergyValueLoggingFailure',
  severity: 'high',
  kpis: ['synergy_value', 'synergy_totals'],
  texts: ({ label }) => ({
    summary: `Synergy value is not being logged (${label('kpi')})`,
    late: 'Captured value no longer arrives, or is no longer computed.',
    nextStep:
      'See whether the writer of value_capture_log is alive: its row in source_heartbeats says when it was last heard of.',
  }),
});
