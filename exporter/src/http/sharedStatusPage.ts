import type { StatusModel } from './page/statusModel.js';
import { renderStatusPage, type StatusPageOptions } from './page/statusPage.js';

/** The page as HTML for a viewer, no older than a second. */
export type StatusPage = (options: StatusPageOptions) => string;

const SHARED_MS = 1000;

/** Rendered at most once a second for all viewers: 25 ms each, and 200 of them would make Prometheus miss its scrapes. */
export function createStatusPage(status: () => StatusModel): StatusPage {
  const rendered = new Map<boolean, { readonly at: number; readonly html: string }>();
  return (options) => {
    const now = performance.now();
    const last = rendered.get(options.refresh);
    if (last !== undefined && now - last.at < SHARED_MS) return last.html;
    const html = renderStatusPage(status(), options);
    rendered.set(options.refresh, { at: now, html });
    return html;
  };
}
