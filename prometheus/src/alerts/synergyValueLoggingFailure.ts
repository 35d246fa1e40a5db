import { lateAlert } from '../shared/lateAlert.js';

export const synergyValueLoggingFailure = lateAlert({
  name: 'SynergyValueLoggingFailure',
  severity: 'high',
  kpis: ['synergy_value', 'synergy_totals'],
  texts: ({ ifLabel }) => ({
    subject: `Synergy ${ifLabel('kpi', 'synergy_totals', 'totals', 'value')}`,
    consequence: 'Captured value does not arrive, or is not computed.',
    nextStep:
      'See whether the writer of value_capture_log is alive: its row in source_heartbeats says when it was last heard of.',
  }),
});
