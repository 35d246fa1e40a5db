/** The Grafana dashboards that `/dashboards/<uid>` leads to; the uid is fixed in each dashboard's JSON. */
export const DASHBOARDS = [
  { uid: 'portfolio-overview', title: 'Overview' },
  { uid: 'portfolio-performance', title: 'Portfolio performance' },
  { uid: 'synergy-value', title: 'Synergy value' },
  { uid: 'resource-efficiency', title: 'Resource efficiency' },
  { uid: 'initiative-tracking', title: 'Initiative tracking' },
  { uid: 'portfolio-operations', title: 'Operations' },
] as const;
