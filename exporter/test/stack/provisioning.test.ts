import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from './composeFile.js';

const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

describe('grafana/provisioning', () => {
  const sources = z
    .object({
      datasources: z.array(
        z.object({
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
    const directory = `${ROOT}grafana/dashboards`;
    const named = new Set(
      readdirSync(directory).flatMap((file) =>
        [
          ...readFileSync(`${directory}/${file}`, 'utf8').matchAll(
            /"(type|uid)": "([^"]+)",\s*"(type|uid)": "(portfolio-\w+|[^"]+)"/g,
          ),
        ]
          .map(([, key, one = '', , other = '']) => (key === 'uid' ? [other, one] : [one, other]))
          .filter(([, uid]) => /^portfolio-(postgres|prometheus|alertmanager)$/.test(uid ?? ''))
          .map(([type, uid]) => `${type ?? ''} ${uid ?? ''}`),
      ),
    );
    const provided = sources.map(({ type, uid }) => `${type} ${uid}`);
    expect(named.size).toBeGreaterThan(0);
    for (const one of named) expect(provided).toContain(one);
    expect(provided.toSorted()).toEqual([
      'alertmanager portfolio-alertmanager',
      'grafana-postgresql-datasource portfolio-postgres',
      'prometheus portfolio-prometheus',
    ]);
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
