import express from 'express';
import { actionsPages } from '../../../src/actions/pages/actionsPages.js';
import type { RequestsConfig } from '../../../src/config/requestsSchema.js';
import { listen } from '../../../src/server/listen.js';
import { type ActionsBench, startActionsBench } from '../actionsBench.js';

export const VENTURE = '00000000-0000-4000-8000-0000000000c1';
export const OTHER = '00000000-0000-4000-8000-0000000000c2';
export const INITIATIVE = '00000000-0000-4000-8000-0000000000d1';
/** Mon 2 Nov 2026, 09:00 in Berlin: two days after the end of October. */
export const ASKED = new Date('2026-11-02T08:00:00Z');
export const REQUESTS: RequestsConfig = {
  at: '09:00',
  days: { monthly: { askOn: 2, dueOn: 5 }, weekly: { askOn: 1, dueOn: 2 }, daily: null },
  reminders: [-1, 1, 3],
};
/** What a lead types into the form. */
export const TYPED = {
  ...{ monthly_revenue: '160000', monthly_burn: '60000.50', user_count: '21500', stage: '39' },
  ...{ coordination: '12.5', duplicate_engineering: '40', duplicate_design: '0', duplicate_marketing: '' },
  ...{ strategic_fit: '4', financial_health: '3.5', growth_potential: '4', resource_efficiency: '3' },
};

export interface NumbersBench extends ActionsBench {
  readonly url: string;
  /** Two ventures that report by month, one daily and one closed, with their numbers of September. */
  reset(): Promise<void>;
  rows(text: string, values?: unknown[]): Promise<unknown[]>;
  /** The path of the link in the newest mail to this address. */
  linkTo(address: string): string;
  get(path: string): Promise<Answer>;
  /** Sends the form with the version that the page has, where no other is given. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The actions process with its jobs, its pages and a mail server. */
export async function startNumbersBench(): Promise<NumbersBench> {
  const bench = await startActionsBench(ASKED);
  bench.configuration = {
    ...bench.configuration,
    actions: { ...bench.configuration.actions, requests: REQUESTS },
  };
  const app = express();
  app.use(actionsPages(bench.context));
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const answer = async (response: Response): Promise<Answer> => ({
    status: response.status,
    text: await response.text(),
  });
  const stop = bench.stop.bind(bench);
  return Object.assign(bench, {
    url: server.url,
    async reset() {
      bench.now = ASKED;
      await bench.owner.client.query(`
        TRUNCATE portfolio_actions.actions, portfolio_actions.mails, portfolio_actions.used_links, portfolio_actions.number_requests,
                 synergy_initiatives, ventures CASCADE;
        DELETE FROM graphile_worker._private_jobs;
        INSERT INTO ventures (id, name, status, lead_name, lead_email, cadence) VALUES
          ('${VENTURE}', 'Vela <Payments> {{x}}', 'active', 'Ada', 'ada@example.test', 'monthly'),
          ('${OTHER}', 'Harbor', 'active', NULL, 'nobody', 'monthly'),
          ('00000000-0000-4000-8000-0000000000c3', 'Daily', 'active', 'Dan', 'dan@example.test', 'daily'),
          ('00000000-0000-4000-8000-0000000000c4', 'Closed', 'closed', 'Cleo', 'cleo@example.test', 'monthly');
        INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage) VALUES
          ('${VENTURE}', '2026-09-30', 152000, 58000, 21400, 39);
        INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, recorded_at) VALUES
          ('${VENTURE}', 'coordination', 10, '2026-09-30'), ('${VENTURE}', 'coordination', 2, '2026-10-14');
        INSERT INTO synergy_initiatives (id, code, name, status, launched_at) VALUES
          ('${INITIATIVE}', 'SYN-7', 'Shared billing', 'ACTIVE', '2026-09-01');
        INSERT INTO initiative_ventures VALUES ('${INITIATIVE}', '${VENTURE}')`);
      bench.arrived();
    },
    rows: async (text: string, values: unknown[] = []) => (await bench.owner.client.query<never>(text, values)).rows,
    linkTo(address: string) {
      const mail = bench.server.received.findLast(({ to }) => to.includes(address))?.mail.text ?? '';
      const [, path] = /https:\/\/actions\.example\.test(\/l\/[\w.-]+)/.exec(mail) ?? [];
      if (path === undefined) throw new Error(`no link in the mail to ${address}: ${mail}`);
      return path;
    },
    get: async (path: string) => answer(await fetch(`${server.url}${path}`)),
    async post(path: string, fields: Readonly<Record<string, string>>) {
      const page = 'version' in fields ? '' : await (await fetch(`${server.url}${path}`)).text();
      const [, version = '0'] = /name="version" value="(\d+)"/.exec(page) ?? [];
      const body = new URLSearchParams({ version, ...fields });
      return answer(await fetch(`${server.url}${path}`, { method: 'POST', body }));
    },
    async stop() {
      await server.stop(0);
      await stop();
    },
  });
}

/** Of `ventures` and what refers to them: how many rows there are. */
export const COUNTS = `
  SELECT (SELECT count(*)::int FROM venture_metrics) AS metrics, (SELECT count(*)::int FROM venture_resource_usage) AS usage,
         (SELECT count(*)::int FROM venture_assessments) AS assessments, (SELECT count(*)::int FROM value_capture_log) AS values,
         (SELECT count(*)::int FROM portfolio_actions.number_reports) AS reports,
         (SELECT count(*)::int FROM portfolio_actions.used_links) AS used`;
