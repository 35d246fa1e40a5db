import { requestStatus } from '../delays/requestStatus.js';
import type { AlertActions } from './alertActions.js';
import { once } from './once.js';

/** Source: metrics document, "Alert 2". Mail of the delay and its escalation are Alertmanager's. */
export const synergyInitiativeDelayed: AlertActions = {
  alertname: 'SynergyInitiativeDelayed',
  async opened(moment) {
    await once(moment, 'status_request', (id) => requestStatus(moment, id));
  },
};
