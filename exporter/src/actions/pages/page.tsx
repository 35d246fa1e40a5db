import type { Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { HtmlPage, pagePolicy, renderHtml } from '../../server/htmlPage.js';
import { PAGE_STYLE } from './pageStyle.js';

export interface PageProps {
  readonly title: string;
  /** The line above the title. */
  readonly kind: string;
  /** For one thing to read and do; a list of many is wide. */
  readonly isNarrow?: boolean;
  readonly children: ComponentChildren;
}

/** Forms lead nowhere else. */
export const POLICY = pagePolicy(PAGE_STYLE, "form-action 'self'");

/** A page of the actions process. It needs no JavaScript; every string is escaped by the renderer. */
export function Page({ title, kind, isNarrow = false, children }: PageProps): VNode {
  const width = isNarrow ? 'page narrow' : 'page';
  return (
    <HtmlPage title={`${title} · Portfolio`} style={PAGE_STYLE}>
      <header class="top">
        <div class={width}>
          <p>{kind}</p>
          <h1>{title}</h1>
        </div>
      </header>
      <main class={width}>{children}</main>
      <footer class={`${width} foot`}>portfolio-exporter actions</footer>
    </HtmlPage>
  );
}

/** What holds for every page that people open: its address may hold the right to act, so it is told to nobody. */
export function pageHeaders(response: Response, policy = POLICY): Response {
  return response
    .set('Content-Security-Policy', policy)
    .set('Referrer-Policy', 'no-referrer')
    .set('Cache-Control', 'no-store')
    .set('X-Content-Type-Options', 'nosniff')
    .set('X-Robots-Tag', 'noindex');
}

export function sendPage(response: Response, status: number, page: VNode, policy = POLICY): void {
  pageHeaders(response, policy).status(status).type('text/html; charset=utf-8').send(renderHtml(page));
}

/** Label and value, a line each; null is left out. */
export function FactList({ facts }: { facts: readonly (readonly [string, string | null])[] }): VNode {
  return (
    <dl class="facts">
      {facts.map(([label, value]) =>
        value === null ? null : (
          <>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </>
        ),
      )}
    </dl>
  );
}
