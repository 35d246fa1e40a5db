import type { VNode } from 'preact';

/** An alert by its heading in the runbook, linked where that is published. */
export function Runbook({ alert, url }: { alert: string; url: string | null }): VNode {
  return <>Runbook: {url === null ? <span>{alert}</span> : <a href={`${url}#${alert.toLowerCase()}`}>{alert}</a>}</>;
}
