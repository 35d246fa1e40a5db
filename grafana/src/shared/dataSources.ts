/** The PostgreSQL of the chosen portfolio: the variable `postgres` (portfolioVariables.ts). */
export const POSTGRES = { type: 'grafana-postgresql-datasource', uid: '${postgres}' } as const;

/** By the uid that is fixed in grafana/provisioning/datasources/portfolio.yml. */
export const PROMETHEUS = { type: 'prometheus', uid: 'portfolio-prometheus' } as const;

/** A panel whose queries go to both. With one source's uid here Grafana would send the other's query to it. */
export const MIXED = { type: 'datasource', uid: '-- Mixed --' } as const;
