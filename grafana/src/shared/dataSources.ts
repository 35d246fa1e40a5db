/** The data sources of grafana/provisioning/datasources/portfolio.yml, by the uid that is fixed there. */
export const POSTGRES = { type: 'grafana-postgresql-datasource', uid: 'portfolio-postgres' } as const;
export const PROMETHEUS = { type: 'prometheus', uid: 'portfolio-prometheus' } as const;

/** A panel whose queries go to both. With one source's uid here Grafana would send the other's query to it. */
export const MIXED = { type: 'datasource', uid: '-- Mixed --' } as const;
