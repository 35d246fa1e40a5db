import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { MILESTONE_STATES } from '../shared/milestoneStates.js';

/** The key of the timeline below it: the chart's own legend would list every milestone. */
export function timelineKey(id: number, at: GridPos): PanelBuilder {
  const entry = (color: string, sign: string, text: string): string =>
    `<span style="display:inline-block;margin:0 10px"><span style="color:${color}">${sign}</span> ${text}</span>`;
  const entries = [
    ...MILESTONE_STATES.map(({ state, sign, color }) => entry(color, '&#9632;', `${sign} ${state}`)),
    entry('#e02f44', '&#9482;', 'Today'),
  ];
  return new PanelBuilder()
    .id(id)
    .title('')
    .description('Key to the colours and signs of the initiative timeline.')
    .gridPos(at)
    .transparent(true)
    .mode(TextMode.HTML)
    .content(`<div style="text-align:center;padding-top:4px">${entries.join(' ')}</div>`);
}
