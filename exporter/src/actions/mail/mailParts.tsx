import type { ComponentChildren, VNode } from 'preact';
import { line } from './line.js';
import { INLINE, LAYOUT } from './mailStyle.js';

// What the body of a mail is made of. Style is inlined, classes are for dark themes and narrow screens, and mailText knows each.

/** A heading within the mail; the first one is in its head. */
export function Heading({ children }: { children: string }): VNode {
  return (
    <h2
      class="ink"
      style={{ margin: '22px 0 8px', fontSize: '17px', lineHeight: '24px', color: '#1f2933', ...INLINE.wrap }}
    >
      {line(children)}
    </h2>
  );
}

export function Paragraph({ children }: { children: ComponentChildren }): VNode {
  return (
    <p class="ink" style={{ margin: '0 0 16px', ...INLINE.text }}>
      {children}
    </p>
  );
}

/** What there is to do, in a box of its own. */
export function Note({ children }: { children: ComponentChildren }): VNode {
  return (
    <table class="part" {...LAYOUT} style={{ tableLayout: 'fixed' }}>
      <tr>
        <td
          class="box"
          style={{ backgroundColor: '#eaf2fb', borderLeft: '4px solid #1f5fa8', padding: '12px 14px', ...INLINE.text }}
        >
          <div class="ink" style={INLINE.text}>
            {children}
          </div>
        </td>
      </tr>
    </table>
  );
}

/** Two numbers side by side, large: what it is and what it may be. */
export function Figures({ figures }: { figures: readonly { label: string; value: string }[] }): VNode {
  return (
    <table class="facts part" {...LAYOUT} style={{ tableLayout: 'fixed' }}>
      <tr>
        {figures.map(({ label, value }) => (
          <td key={label} class="figure" valign="top" style={{ padding: '0 8px 14px 0' }}>
            <div class="soft" style={INLINE.small}>
              {line(label)}
            </div>
            <div
              class="ink"
              style={{
                fontSize: value.length <= 12 ? '26px' : '16px',
                lineHeight: value.length <= 12 ? '34px' : '22px',
                fontWeight: 'bold',
                color: '#1f2933',
                ...INLINE.wrap,
              }}
            >
              {line(value)}
            </div>
          </td>
        ))}
      </tr>
    </table>
  );
}

/** What has no room on a line of the text part stands apart there, or nobody sees where the next begins. */
const ONE_LINE = 74;

/** Label and value, a line each; null and undefined are left out. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [label: string, value: string | null | undefined])[];
}): VNode {
  return (
    <table class="part" {...LAYOUT} style={{ margin: '6px 0 14px', tableLayout: 'fixed' }}>
      {facts.map(([label, value]) =>
        value == null ? null : (
          <tr key={label} class={label.length + value.length > ONE_LINE ? 'long fact' : 'fact'}>
            <td class="soft" width="110" valign="top" style={INLINE.label}>
              {line(label)}
            </td>
            <td class="ink" valign="top" style={INLINE.fact}>
              {line(value)}
            </td>
          </tr>
        ),
      )}
    </table>
  );
}

export interface DataTableProps {
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right'; readonly width?: string }[];
  readonly rows: readonly (readonly string[])[];
  readonly caption?: string;
}

/** Rows of words and numbers; numbers to the right. Few columns: a phone shows 360 pixels. */
export function DataTable({ columns, rows, caption }: DataTableProps): VNode {
  const cell = (index: number): Record<string, string> => ({
    ...INLINE.fact,
    padding: '6px 10px 6px 0',
    fontSize: '13px',
    borderTop: '1px solid #d5dbe1',
    textAlign: columns[index]?.align ?? 'left',
  });
  return (
    <>
      {caption !== undefined && (
        <div class="soft" style={{ ...INLINE.small, margin: '10px 0 4px' }}>
          {line(caption)}
        </div>
      )}
      <table
        class="data"
        {...LAYOUT}
        role="table"
        style={{ margin: '0 0 14px', borderCollapse: 'collapse', tableLayout: 'fixed' }}
      >
        <tr>
          {columns.map(({ title, width }, index) => (
            <th
              key={title}
              class="soft"
              scope="col"
              {...(width === undefined ? {} : { width })}
              style={{ ...cell(index), borderTop: '0', verticalAlign: 'bottom', color: '#52606d', fontWeight: 'bold' }}
            >
              {line(title)}
            </th>
          ))}
        </tr>
        {rows.map((row, place) => (
          <tr key={place}>
            {row.map((value, index) => (
              <td key={index} class="ink line" valign="top" style={cell(index)}>
                {line(value)}
              </td>
            ))}
          </tr>
        ))}
      </table>
    </>
  );
}

export interface Link {
  readonly href: string;
  readonly label: string;
  /** Not what the mail is for: a second way to look at it. */
  readonly plain?: boolean;
}

/** Links to act on, side by side, one above the other on a phone. Only http and https addresses are linked. */
export function Buttons({ links }: { links: readonly Link[] }): VNode {
  const usable = links.filter(({ href }) => /^https?:\/\/[^\s<>"\\]{1,2000}$/.test(href));
  return (
    <table {...LAYOUT} width="auto" class="buttons part" style={{ marginTop: '8px' }}>
      <tr>{usable.map(buttonCell)}</tr>
    </table>
  );
}

export function Button(link: Link): VNode {
  return <Buttons links={[link]} />;
}

function buttonCell({ href, label, plain = false }: Link): VNode {
  const background = plain ? '#ffffff' : '#1f5fa8';
  const style = {
    display: 'block',
    padding: '11px 22px',
    fontSize: '15px',
    lineHeight: '20px',
    fontWeight: 'bold',
    textAlign: 'center',
    color: plain ? '#1f2933' : '#ffffff',
    backgroundColor: background,
    border: `1px solid ${plain ? '#7b8794' : background}`,
    textDecoration: 'none',
  };
  return (
    <td key={href} class="button" style={{ padding: '14px 12px 0 0' }}>
      {/* Outlook on Windows gives no padding to a link, but to a cell. */}
      <table {...LAYOUT}>
        <tr>
          <td class={plain ? 'ghost' : ''} align="center" style={{ backgroundColor: background }}>
            <a class="action" href={href} style={style}>
              {line(label)}
            </a>
          </td>
        </tr>
      </table>
    </td>
  );
}
