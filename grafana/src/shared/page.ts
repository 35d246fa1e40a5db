import type { DASHBOARDS } from '../../../exporter/src/config/dashboards.js';

/** The address of a page, for the same portfolio, ventures, initiatives and period. The uid may be that of the cell. */
export const page = (uid: (typeof DASHBOARDS)[number]['uid'] | '${__value.raw}'): string =>
  `/d/${uid}?\${portfolio:queryparam}&\${venture:queryparam}&\${initiative:queryparam}&\${__url_time_range}`;
