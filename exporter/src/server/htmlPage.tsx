import { createHash } from 'node:crypto';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** The only style sheet of a page, and the hash that lets it (and no other) through the Content-Security-Policy. */
export interface PageStyle {
  readonly css: string;
  readonly hash: string;
}

export function pageStyle(css: string): PageStyle {
  return { css, hash: `sha256-${createHash('sha256').update(css).digest('base64')}` };
}

/** Nothing but its own style sheet and what `more` allows is loaded, and nothing is run. */
export function pagePolicy({ hash }: PageStyle, ...more: readonly string[]): string {
  const directives = [
    "default-src 'none'",
    `style-src '${hash}'`,
    ...more,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return directives.join('; ');
}

interface HtmlPageProps {
  readonly title: string;
  readonly style: PageStyle;
  /** What else stands in its head. */
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What every page begins with: light and dark, fit for a phone, without JavaScript. */
export function HtmlPage({ title, style, head, children }: HtmlPageProps): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {head}
        <style dangerouslySetInnerHTML={{ __html: style.css }} />
      </head>
      <body>{children}</body>
    </html>
  );
}

/** A page as HTML; every string is escaped. */
export function renderHtml(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}
