/** What a column holds, which decides how its cells are read and what is refused. */
export type ColumnType =
  | { readonly kind: 'text'; readonly maxBytes?: number }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'integer'; readonly least: number; readonly most: number }
  /** numeric(digits, decimals); hours may also be written as 1:30:00. */
  | {
      readonly kind: 'number';
      readonly digits: number;
      readonly decimals: number;
      readonly least: number;
      readonly most?: number;
      readonly isHours?: boolean;
    }
  | { readonly kind: 'day' }
  | { readonly kind: 'moment' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'json' }
  | { readonly kind: 'reference'; readonly to: ReferenceKind };

/** What a cell may name. A resource that nobody has named yet gets an id; anything else must exist. */
export type ReferenceKind = 'venture' | 'initiative' | 'opportunity' | 'resource';

export interface ImportColumn {
  /** As the header of a file has it. */
  readonly name: string;
  /** The column of the table, where that has another name. */
  readonly fills?: string;
  /** The column that keeps the name as it is written, beside the id that it stands for. */
  readonly keepsName?: string;
  readonly type: ColumnType;
  /** Whether a row without it is refused. */
  readonly isRequired?: boolean;
  /** SQL of what a new row has where the cell is empty; an older row keeps what it has. Left out: NULL in both. */
  readonly standard?: string;
  readonly meaning: string;
  readonly example: string;
}

/** A rule about several columns, or about a row as it will be together with what the table has of it. */
export interface RowCheck {
  /** SQL that is true where the rule is broken; `{name}` stands for the value that a column will have. */
  readonly broken: string;
  /** The header that the problem is shown at. */
  readonly at: string;
  readonly message: string;
}

/** A table that rows can be imported into: the contract of its columns. Source: sql/migrations, docs/data-flow.md. */
export interface ImportTable {
  readonly name: string;
  readonly writtenBy: string;
  /** The headers by which a row is known again: a second import updates it. */
  readonly key: readonly string[];
  /** Whether the database itself refuses a second row of the key. */
  readonly isKeyUnique?: boolean;
  readonly columns: readonly ImportColumn[];
  readonly checks?: readonly RowCheck[];
  /** Two ventures whose order is the database's own. */
  readonly pair?: readonly [string, string];
  /** Set to the present where a row changes and the file does not have it. */
  readonly touched?: string;
  /** Whether a service level reads its heartbeat. */
  readonly hasHeartbeat?: boolean;
}

/** The column of the table that a column of the file fills. */
export function targetOf(column: ImportColumn): string {
  return column.fills ?? column.name;
}

/** As pg_catalog names the type, without length and precision. */
export function sqlType({ kind }: ColumnType): string {
  return SQL_TYPES[kind];
}

const SQL_TYPES: Readonly<Record<ColumnType['kind'], string>> = {
  text: 'text',
  word: 'text',
  integer: 'integer',
  number: 'numeric',
  day: 'date',
  moment: 'timestamptz',
  flag: 'boolean',
  json: 'jsonb',
  reference: 'uuid',
};

/** For people: what may be written into a cell. */
export function describeType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'text';
    case 'word':
      return `one of ${type.words.join(', ')}`;
    case 'integer':
      return `whole number, ${range(type.least, type.most === MAX_INTEGER ? undefined : type.most)}`;
    case 'number': {
      const hours = type.isHours === true ? ', or h:mm:ss' : '';
      return `number, at most ${type.decimals} decimals, ${range(type.least, type.most)}${hours}`;
    }
    case 'day':
      return 'day, YYYY-MM-DD';
    case 'moment':
      return 'time, YYYY-MM-DDTHH:MM:SSZ; without Z or an offset in the configured time zone';
    case 'flag':
      return 'true or false';
    case 'json':
      return 'JSON list';
    case 'reference':
      return REFERENCES[type.to];
  }
}

export const MAX_INTEGER = 2_147_483_647;

const REFERENCES: Readonly<Record<ReferenceKind, string>> = {
  venture: 'name, code or id of a venture',
  initiative: 'code, name or id of an initiative',
  opportunity: 'id of a synergy opportunity',
  resource: 'name of a resource',
};

function range(least: number, most: number | undefined): string {
  return most === undefined ? `${least} or more` : `${least} to ${most}`;
}
