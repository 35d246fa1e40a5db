import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DASHBOARDS } from '../../src/http/dashboards.js';
import { GRAFANA_VERSION } from '../../../grafana/src/shared/finishDashboard.js';
import { shippedCatalogue } from './dashboardCatalogue.js';
import { dashboardProblems } from './dashboardProblems.js';
import { dashboardTypeProblems } from './dashboardSchema.js';
import { PANEL_CONTRACT } from './panelContract.js';

const REPOSITORY = new URL('../../../', import.meta.url);
const DIRECTORY = new URL('grafana/dashboards/', REPOSITORY);
const COMPOSE = new URL('docker-compose.yml', REPOSITORY);

const read = (url: URL): string => readFileSync(url, 'utf8');

const names = readdirSync(DIRECTORY).filter((name) => name.endsWith('.json'));
const files: Readonly<Record<string, unknown>> = Object.fromEntries(
  names.map((name) => [name, JSON.parse(read(new URL(name, DIRECTORY)))]),
);
const known = await shippedCatalogue();

describe('grafana/dashboards', () => {
  it('has one file for each dashboard that /dashboards/<uid> leads to, named by its uid', () => {
    expect(names.toSorted()).toEqual(DASHBOARDS.map(({ uid }) => `${uid}.json`).toSorted());
    const uids = Object.values(files).map((json) => z.looseObject({ uid: z.string() }).parse(json).uid);
    expect(uids.map((uid) => `${uid}.json`)).toEqual(names);
  });

  it.each(names)('%s says nothing that Grafana would drop, and names nothing that does not exist', async (name) => {
    expect(await dashboardProblems(files[name], known)).toEqual([]);
  });

  it('are dashboards by the types that Grafana publishes', () => {
    expect(dashboardTypeProblems(files)).toEqual([]);
  });
});

describe('the version of Grafana', () => {
  // Another version registers other names: panelContract.json has to be read from its sources again, and the dashboards looked at.
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(read(new URL('node_modules/@grafana/schema/package.json', REPOSITORY))));

  it('is one in the dashboards, in panelContract.json and in @grafana/schema', () => {
    expect({ contract: PANEL_CONTRACT.grafana, schema: version }).toEqual({
      contract: GRAFANA_VERSION,
      schema: GRAFANA_VERSION,
    });
  });

  it('is the one that compose pins', () => {
    expect(read(COMPOSE)).toContain(`image: grafana/grafana:${GRAFANA_VERSION}\n`);
  });
});
