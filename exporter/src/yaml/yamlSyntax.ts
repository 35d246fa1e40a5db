import type { CST, Document, Node } from 'yaml';
import { Composer, isMap, isScalar, Lexer, LineCounter, Parser, visit, YAMLParseError } from 'yaml';
import type { Problem } from './problem.js';
import { MAX_FILE_BYTES } from './readTextFile.js';

/** Uses of an anchor are rare in these files; a bomb needs thousands. */
const MAX_ALIASES = 100;
/** Lists and maps within each other; these files have 5. */
const MAX_DEPTH = 100;

/** A YAML text read as far as it can be; `raw` is undefined where that is not far enough to look at its values. */
export interface ParsedYaml {
  readonly raw: unknown;
  readonly document: Document.Parsed;
  readonly problems: readonly Problem[];
  /** Line and column, both from 1, of an offset in the text. */
  readonly positionOf: (offset: number) => { line: number; column: number };
}

/**
 * Parses one YAML 1.2 document whose top level is a map. Problems: too large, tabs as indentation, syntax, a second
 * document, no map, an empty file (which would silently mean every default), duplicate and reserved keys, custom tags, too many
 * aliases, too deep, NaN and infinity.
 */
export function parseYaml(text: string, file: string): ParsedYaml {
  const lines = new LineCounter();
  const positionOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = [];
  const add = (offset: number, message: string): void => {
    problems.push({ file, ...positionOf(offset), path: '', message });
  };
  const tooLarge = Buffer.byteLength(text) > MAX_FILE_BYTES;
  const tabs = tooLarge ? [] : tabIndents(text);
  const isRead = !tooLarge && tabs.length === 0;
  const { tokens, deepAt } = tokensOf(isRead ? text : '', lines);
  const document = compose(deepAt === null ? tokens : [], text.length);
  if (deepAt !== null) {
    const message = `nested too deeply: more than ${MAX_DEPTH} lists and maps`;
    problems.push({ file, ...placeOf(text, deepAt), path: '', message });
  }
  if (tooLarge) {
    add(0, `is larger than ${MAX_FILE_BYTES} bytes`);
  }
  for (const { line, column } of tabs) {
    problems.push({ file, line, column, path: '', message: 'a tab in the indentation: YAML indents by spaces' });
  }
  for (const error of [...document.errors, ...document.warnings]) {
    add(error.pos[0], explain(error.code, error.message));
  }
  let readable = false;
  if (problems.length === 0) {
    if (document.contents === null) {
      add(0, 'the file is empty; write {} for all defaults');
    } else if (!isMap(document.contents)) {
      add(document.contents.range[0], 'the top level must be a map of keys to values');
    } else {
      readable = checkKeys(document, positionOf, add);
    }
  }
  return { raw: readable ? toPlain(document, add) : undefined, document, problems, positionOf };
}

/**
 * The text as the library's parser reads it, and where it is nested deeper than MAX_DEPTH. What makes a document of it calls itself
 * for each level, and V8 ends the process where a regular expression is compiled at the end of the stack; the parser keeps a list.
 */
function tokensOf(text: string, lines: LineCounter): { tokens: CST.Token[]; deepAt: number | null } {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const source of new Lexer().lex(text)) {
    tokens.push(...parser.next(source));
    if (parser.stack.length > MAX_DEPTH) return { tokens, deepAt: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens, deepAt: null };
}

/** As the library's parseDocument does it. */
function compose(tokens: readonly CST.Token[], length: number): Document.Parsed {
  const composer = new Composer({
    prettyErrors: false,
    // Duplicates are looked for below: the library compares each key with every other one.
    uniqueKeys: false,
    resolveKnownTags: false,
    schema: 'core',
  });
  const [document, second] = composer.compose(tokens, true, length);
  if (document === undefined) throw new Error('the YAML library makes a document of any text');
  if (second !== undefined) {
    document.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', ''));
  }
  return document;
}

/** Line and column of the token that ends at an offset: the parser has taken it in. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length };
}

/** Lines whose indentation holds a tab. */
function tabIndents(text: string): { line: number; column: number }[] {
  return text.split('\n').flatMap((content, index) => {
    const indentation = /^[ ]*\t/.exec(content);
    return indentation === null || content.trim() === '' ? [] : [{ line: index + 1, column: indentation[0].length }];
  });
}

function explain(code: string, message: string): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; the file must hold one';
    case 'TAG_RESOLVE_FAILED':
      return `tags are not allowed: ${message}`;
    default:
      return message;
  }
}

/** What every object has under these names; as the name of a portfolio, a user or a column it would be lost or taken for that. */
const RESERVED: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Reports duplicate and reserved keys; false where a key is itself a list or a map, which has no name to look at. */
function checkKeys(
  document: Document.Parsed,
  positionOf: ParsedYaml['positionOf'],
  add: (offset: number, message: string) => void,
): boolean {
  let readable = true;
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        const offset = (key as Node).range?.[0] ?? 0;
        if (!isScalar(key)) {
          add(offset, 'a key must be a plain word');
          readable = false;
          continue;
        }
        const name = String(key.value);
        const first = seen.get(name);
        if (first !== undefined) {
          add(offset, `duplicate key "${name}", first given on line ${positionOf(first).line}`);
        }
        if (RESERVED.has(name)) {
          add(offset, `"${name}" is a name that JavaScript keeps for itself; choose another`);
        }
        seen.set(name, first ?? offset);
      }
    },
  });
  return readable;
}

function toPlain(document: Document.Parsed, add: (offset: number, message: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    let offset = 0;
    visit(document, {
      Alias(_, alias) {
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    add(offset, explainAlias(error));
    return undefined;
  }
}

function explainAlias(error: Error): string {
  if (error instanceof RangeError) {
    return 'nested too deeply';
  }
  return error.message.startsWith('Excessive alias count')
    ? 'too many uses of anchors: the content would grow out of hand'
    : error.message;
}
