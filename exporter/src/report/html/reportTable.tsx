import type { VNode } from 'preact';
import type { Cell, Column, TableBlock } from '../document/blocks.js';

/** A table of the report; the first column heads its row. */
export function ReportTable({ table }: { table: TableBlock }): VNode {
  const { title, columns, rows, total, note } = table;
  return (
    <>
      {title !== '' && <h3>{title}</h3>}
      {rows.length === 0 ? (
        <p class="empty">{table.empty}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={title === '' ? (columns[0]?.title ?? '') : title}>
          <table>
            <thead>
              <tr>
                {columns.map((column, index) => (
                  <th key={index} scope="col" class={classOf(column)}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, index) => (
                <Row key={index} cells={cells} columns={columns} />
              ))}
            </tbody>
            {total !== undefined && (
              <tfoot>
                <Row cells={total} columns={columns} />
              </tfoot>
            )}
          </table>
        </div>
      )}
      {note !== undefined && rows.length > 0 && <p class="note">{note}</p>}
    </>
  );
}

function Row({ cells, columns }: { cells: readonly Cell[]; columns: readonly Column[] }): VNode {
  return (
    <tr>
      {cells.map((cell, index) => {
        const column = columns[index];
        const content = (
          <>
            <bdi>{cell.text}</bdi>
            {cell.note !== undefined && <span class="under">{cell.note}</span>}
          </>
        );
        return index === 0 ? (
          <th key={index} scope="row">
            {content}
          </th>
        ) : (
          <td key={index} class={classOf(column, cell)} data-label={column?.label ?? column?.title}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}

function classOf(column: Column | undefined, cell?: Cell): string {
  return [column?.align, cell?.tone].filter((one) => one !== undefined).join(' ');
}
