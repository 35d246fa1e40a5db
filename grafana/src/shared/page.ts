import type { DASHBOARDS } from '../../../exporter/src/http/page/dashboards.js';

/** The address of a page, for the same portfolio. The uid may be that of the cell. */
export const page = (uid: (typeof DASHBOARDS)[number]['uid'] | '${__value.raw}'): string =>
  `/d/${uid}?\${portfolio:queryparam}`;
