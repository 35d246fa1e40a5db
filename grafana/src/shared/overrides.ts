import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';

/** One property of a field override, by the id that the panel or Grafana registers. */
export const property = (id: string, value: unknown): DynamicConfigValue => ({ id, value });

/** A colour that no threshold changes: a name of Grafana's palette, which follows the theme, or `#rrggbb`. */
export const fixedColor = (color: string): DynamicConfigValue =>
  property('color', { mode: 'fixed', fixedColor: color });

/** The three lines of a trend against a target: dotted baseline, solid current, dashed target. */
export const DOTTED = property('custom.lineStyle', { fill: 'dot', dash: [0, 10] });
export const SOLID = property('custom.lineStyle', { fill: 'solid' });
export const DASHED = property('custom.lineStyle', { fill: 'dash', dash: [10, 10] });
export const lineWidth = (pixels: number): DynamicConfigValue => property('custom.lineWidth', pixels);

export const width = (pixels: number): DynamicConfigValue => property('custom.width', pixels);
export const align = (side: 'left' | 'center' | 'right'): DynamicConfigValue => property('custom.align', side);
export const unit = (id: string): DynamicConfigValue => property('unit', id);

/** Axis and tooltip of days: the time field's own unit decides how they are written. */
export const MONTH_ENDS = unit('time:D MMM YY');
export const DAYS = unit('time:YYYY-MM-DD');
export const MINUTES = unit('time:YYYY-MM-DD HH:mm');

export const COLOR_TEXT = property('custom.cellOptions', { type: 'color-text' });
export const COLOR_BACKGROUND = property('custom.cellOptions', { type: 'color-background', mode: 'basic' });
