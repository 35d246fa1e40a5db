import type { ComponentChildren, VNode } from 'preact';
import { formatAge, formatTime } from '../../format/formatAge.js';
import { visibleText } from '../../format/visibleText.js';
import { DASHBOARDS } from '../../config/dashboards.js';
import { HtmlPage, pagePolicy, renderHtml } from '../../server/htmlPage.js';
import type { StatusModel } from './statusModel.js';
import { STATUS_PAGE_STYLE } from './statusPageStyle.js';

export interface PageOptions {
  /** Reload the page by itself every 30 s; a reader in the middle of a table pauses that. */
  readonly refresh: boolean;
}

interface LayoutProps extends PageOptions {
  readonly model: StatusModel;
  readonly title: string;
  /** For the icon. */
  readonly healthy: boolean;
  /** Of the page itself, for the links that pause and renew it. */
  readonly path: string;
  readonly heading: ComponentChildren;
  readonly children: ComponentChildren;
}

const REFRESH_SECONDS = 30;

/** For every page's response: its icon is in it. */
export const STATUS_PAGE_POLICY = pagePolicy(STATUS_PAGE_STYLE, 'img-src data:', "form-action 'none'");

/** A whole page as HTML. It needs no JavaScript; every string is escaped. */
export function renderPage(props: LayoutProps): string {
  return renderHtml(<Layout {...props} />);
}

function Layout({ model, title, healthy, path, refresh, heading, children }: LayoutProps): VNode {
  return (
    <HtmlPage
      title={`${title} · Portfolio metrics`}
      style={STATUS_PAGE_STYLE}
      head={
        <>
          {refresh && <meta http-equiv="refresh" content={String(REFRESH_SECONDS)} />}
          <link rel="icon" href={icon(healthy)} />
        </>
      }
    >
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <div class="page">
          {heading}
          <p class="soft small">
            As of <time dateTime={model.now.toISOString()}>{formatTime(model.now, model.timeZone)}</time>
            {refresh ? `, renewed every ${REFRESH_SECONDS} s (` : ', not renewed by itself ('}
            <a href={refresh ? `${path}?refresh=off` : path}>{refresh ? 'pause' : 'renew again'}</a>)
          </p>
          {model.share !== null && <Share share={model.share} />}
          <Links model={model} />
        </div>
      </header>
      <main class="page" id="main">
        {children}
      </main>
      <footer class="page foot">
        portfolio-metrics-exporter {visibleText(model.version)}, up for{' '}
        {formatAge((model.now.getTime() - model.startedAt.getTime()) / 1000)}. Times in {visibleText(model.timeZone)}.
      </footer>
    </HtmlPage>
  );
}

function Share({ share }: { share: NonNullable<StatusModel['share']> }): VNode {
  const others = share.leftOut.length === 0 ? 'none' : share.leftOut.map(visibleText).join(', ');
  return (
    <p class="soft small">
      This is {share.name}: {share.kpis} of {share.kpis + share.leftOut.length} KPIs. Other exporters compute the rest:{' '}
      {others}.
    </p>
  );
}

function Links({ model }: { model: StatusModel }): VNode {
  return (
    <nav class="links small" aria-label="Dashboards and other pages">
      {model.grafanaUrl === null ? (
        <span class="soft">Dashboards: no Grafana URL is configured</span>
      ) : (
        DASHBOARDS.map(({ uid, title }) => (
          <a key={uid} href={`/dashboards/${uid}`}>
            {title}
          </a>
        ))
      )}
      <a href="/#thresholds">Thresholds</a>
      <a href="/metrics">/metrics</a>
      <a href="/readyz">/readyz</a>
    </nav>
  );
}

/** A dot whose shape tells the state as well: a full one for healthy, a ring for not. */
function icon(healthy: boolean): string {
  const shape = healthy
    ? '<circle cx="8" cy="8" r="7" fill="#2c8a5d"/>'
    : '<circle cx="8" cy="8" r="5.5" fill="none" stroke="#c8402c" stroke-width="4"/>';
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shape}</svg>`)}`;
}
