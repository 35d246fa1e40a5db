import type { Node } from 'libpg-query';

/** What shares a name space in PostgreSQL: tables, views, indexes and sequences are relations; each relation but an index is a type. */
export type ObjectClass = 'relation' | 'index' | 'type' | 'function' | 'schema';

/** An object that a statement creates, and fails on where one of this name is there. */
export interface CreatedObject {
  readonly class: ObjectClass;
  /** null: the schema that unqualified names are created in. Of a schema, null as well. */
  readonly schema: string | null;
  readonly name: string;
  /** Of a function: how many arguments it takes. */
  readonly argumentCount: number;
}

/** null for a statement that creates nothing, or that replaces or uses what is there. */
export function createdObject(statement: Node): CreatedObject | null {
  if ('CreateStmt' in statement) {
    const { if_not_exists: mayExist, relation } = statement.CreateStmt;
    // A table that may be there may still find a type of its name.
    return named(mayExist === true ? 'type' : 'relation', relation?.schemaname, relation?.relname);
  }
  if ('ViewStmt' in statement) {
    const { replace, view } = statement.ViewStmt;
    return replace === true ? null : named('relation', view?.schemaname, view?.relname);
  }
  if ('CreateTableAsStmt' in statement) {
    const { if_not_exists: mayExist, into } = statement.CreateTableAsStmt;
    return mayExist === true ? null : named('relation', into?.rel?.schemaname, into?.rel?.relname);
  }
  if ('CreateSeqStmt' in statement) {
    const { if_not_exists: mayExist, sequence } = statement.CreateSeqStmt;
    return mayExist === true ? null : named('relation', sequence?.schemaname, sequence?.relname);
  }
  if ('IndexStmt' in statement) {
    const { if_not_exists: mayExist, idxname, relation } = statement.IndexStmt;
    return mayExist === true ? null : named('index', relation?.schemaname, idxname);
  }
  if ('CreateEnumStmt' in statement) return qualified('type', statement.CreateEnumStmt.typeName);
  if ('CreateDomainStmt' in statement) return qualified('type', statement.CreateDomainStmt.domainname);
  if ('CreateFunctionStmt' in statement) {
    const { replace, funcname, parameters = [] } = statement.CreateFunctionStmt;
    const taken = parameters.filter((one) => 'FunctionParameter' in one && !isResult(one.FunctionParameter.mode));
    return replace === true ? null : qualified('function', funcname, taken.length);
  }
  if ('CreateSchemaStmt' in statement) {
    const { if_not_exists: mayExist, schemaname } = statement.CreateSchemaStmt;
    return mayExist === true ? null : named('schema', undefined, schemaname);
  }
  return null;
}

/** An OUT argument, or a column of RETURNS TABLE: a call does not give it. */
const isResult = (mode: string | undefined): boolean => mode === 'FUNC_PARAM_OUT' || mode === 'FUNC_PARAM_TABLE';

function named(
  objectClass: ObjectClass,
  schema: string | undefined,
  name: string | undefined,
  argumentCount = 0,
): CreatedObject | null {
  return name === undefined ? null : { class: objectClass, schema: schema ?? null, name, argumentCount };
}

function qualified(objectClass: ObjectClass, names: readonly Node[] = [], argumentCount = 0): CreatedObject | null {
  const parts = names.flatMap((node) => ('String' in node && node.String.sval !== undefined ? [node.String.sval] : []));
  return named(objectClass, parts.length > 1 ? parts[0] : undefined, parts.at(-1), argumentCount);
}
