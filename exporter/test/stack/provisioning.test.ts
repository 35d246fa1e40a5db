import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { DASHBOARDS } from '../dashboards/dashboardModel.js';
import { ROOT } from './composeFile.js';

const POSTGRES = 'portfolio-postgres';

const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

describe('grafana/provisioning', () => {
  const sources = z
    .object({
      datasources: z.array(
        z.object({
          name: z.string(),
          uid: z.string(),
          type: z.string(),
          editable: z.boolean(),
          isDefault: z.boolean().optional(),
          jsonData: z.record(z.string(), z.unknown()),
          secureJsonData: z.record(z.string(), z.string()).optional(),
        }),
      ),
    })
    .parse(parse(read('grafana/provisioning/datasources/portfolio.yml'))).datasources;

  it('has the data sources that the dashboards name, by uid and type, and no other', () => {
    const named = DASHBOARDS.flatMap(({ panels, annotations, templating }) => [
      ...panels.flatMap(({ targets }) => targets.map(({ datasource }) => datasource)),
      ...annotations.list.map(({ target }) => target.datasource),
      ...templating.list.flatMap(({ datasource, current: { value }, query: type }) =>
        value === POSTGRES ? [{ type, uid: value }] : datasource === undefined ? [] : [datasource],
      ),
    ]).map(({ type, uid }) => `${type} ${uid}`);
    const provided = sources.map(({ type, uid }) => `${type} ${uid}`);
    expect([...new Set(named)].toSorted()).toEqual([
      'grafana-postgresql-datasource ${postgres}',
      `grafana-postgresql-datasource ${POSTGRES}`,
      'prometheus portfolio-prometheus',
    ]);
    expect(provided.toSorted()).toEqual([
      'alertmanager portfolio-alertmanager',
      `grafana-postgresql-datasource ${POSTGRES}`,
      'prometheus portfolio-prometheus',
    ]);
  });

  it('names them so that each page finds the PostgreSQL of its portfolio, and never that of another one', () => {
    const names = sources.filter(({ uid }) => uid === POSTGRES).map(({ name }) => name);
    const all = [
      ...names,
      'Portfolio PostgreSQL (acme)',
      'Portfolio PostgreSQL (acme-2)',
      'Portfolio PostgreSQL (a.b)',
    ];
    const variables = DASHBOARDS.map(({ templating }) => templating.list.find(({ name }) => name === 'postgres'));
    for (const { regex = '' } of variables.map((variable) => variable ?? { regex: '' })) {
      // Grafana escapes what it puts into a pattern.
      const found = (portfolio: string): string[] => {
        const pattern = new RegExp(regex.slice(1, -1).replace('${portfolio}', portfolio.replaceAll('.', '\\.')));
        return all.filter((name) => pattern.test(name));
      };
      expect(found('')).toEqual(['Portfolio PostgreSQL']);
      expect(found('acme')).toEqual(['Portfolio PostgreSQL (acme)']);
      expect(found('a.b')).toEqual(['Portfolio PostgreSQL (a.b)']);
      expect(found('other')).toEqual([]);
    }
  });

  it('lets nobody edit them, takes over no default, and has no secret', () => {
    for (const { editable, isDefault } of sources) expect([editable, isDefault]).toEqual([false, undefined]);
    for (const { secureJsonData = {} } of sources)
      for (const value of Object.values(secureJsonData)) expect(value).toMatch(/^\$GF_\w+$/);
  });

  it('knows how often Prometheus scrapes', () => {
    const { global } = z
      .object({ global: z.object({ scrape_interval: z.string() }) })
      .parse(parse(read('prometheus/prometheus.yml')));
    const prometheus = sources.find(({ type }) => type === 'prometheus');
    expect(prometheus?.jsonData).toMatchObject({ httpMethod: 'POST', timeInterval: global.scrape_interval });
  });

  it('loads the dashboards for reading', () => {
    const { providers } = z
      .object({ providers: z.array(z.record(z.string(), z.unknown())) })
      .parse(parse(read('grafana/provisioning/dashboards/portfolio.yml')));
    expect(providers).toEqual([
      expect.objectContaining({ folder: 'Portfolio', disableDeletion: true, allowUiUpdates: false }),
    ]);
  });

  it('begins at a dashboard that is there', () => {
    const uid = /^home_page = \/d\/(\S+)$/m.exec(read('grafana/grafana.ini'))?.[1] ?? '';
    expect([uid, existsSync(`${ROOT}grafana/dashboards/${uid}.json`)]).toEqual([uid, true]);
  });
});
