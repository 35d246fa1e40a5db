import { monthsAlert } from '../shared/monthsAlert.js';

export const synergyCaptureRateBelowTarget = monthsAlert({
  name: 'SynergyCaptureRateBelowTarget',
  kpi: 'synergy_capture_rate',
  share: 'portfolio_synergy_capture_ratio',
  side: 'below',
  limit: 'synergy_capture_rate_alert',
  months: 'synergy_capture_rate_alert_months',
  target: 'synergy_capture_rate_target',
  when: '`synergy_capture_rate_alert_months` months in a row closed under `synergy_capture_rate_alert`',
  subject: 'The synergy capture rate',
  meaning: 'Too few of the synergy opportunities found in 90 days are launched: the rate',
  nextStep:
    'Look through the opportunities with the best scores that were not pursued, and at what keeps them from being launched.',
  dashboard: 'synergy-value',
  recipients: ['PortfolioAnalyst', 'Chairman'],
});
