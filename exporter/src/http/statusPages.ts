import { renderKpiPage } from './page/kpiPage.js';
import type { PageOptions } from './page/layout.js';
import { renderNotFoundPage } from './page/notFoundPage.js';
import type { StatusModel } from './page/statusModel.js';
import { renderStatusPage } from './page/statusPage.js';

/** The pages as HTML for a viewer, no older than a second. */
export interface StatusPages {
  overview(options: PageOptions): string;
  kpi(name: string, options: PageOptions): { readonly found: boolean; readonly html: string };
}

const SHARED_MS = 1000;

/** Rendered at most once a second for all viewers: 25 ms each, and 200 of them would make Prometheus miss its scrapes. */
export function createStatusPages(status: () => StatusModel): StatusPages {
  let model: StatusModel | null = null;
  let gatheredAt = -Infinity;
  let rendered = new Map<string, string>();
  const fresh = (): StatusModel => {
    const now = performance.now();
    if (model === null || now - gatheredAt >= SHARED_MS) {
      model = status();
      gatheredAt = now;
      rendered = new Map();
    }
    return model;
  };
  const shared = (path: string, { refresh }: PageOptions, render: () => string): string => {
    const key = `${path} ${String(refresh)}`;
    const html = rendered.get(key) ?? render();
    rendered.set(key, html);
    return html;
  };
  return {
    overview(options) {
      const current = fresh();
      return shared('/', options, () => renderStatusPage(current, options));
    },
    kpi(name, options) {
      const current = fresh();
      const kpi = current.kpis.find((one) => one.name === name);
      // Not kept: a stranger can ask for any number of names.
      if (kpi === undefined) return { found: false, html: renderNotFoundPage(current, name) };
      return { found: true, html: shared(name, options, () => renderKpiPage(current, kpi, options)) };
    },
  };
}
