import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inspectYaml, readYaml, readYamlDocument } from '../../src/yaml/yamlDocument.js';
import { MAX_FILE_BYTES } from '../../src/yaml/readTextFile.js';
import { ConfigError, formatProblem } from '../../src/yaml/problem.js';
import { problemsOf } from './problemsOf.js';

const schema = z.strictObject({
  name: z.string().optional(),
  size: z.int().max(10).default(3),
  flag: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  nested: z.strictObject({ depth: z.number() }).optional(),
  named: z.record(z.string(), z.strictObject({ weight: z.number() })).optional(),
});
const refused = (text: string): string[] => problemsOf(() => readYaml(text, 'a.yaml', schema));

describe('readYaml', () => {
  it('reads what the schema knows and fills in defaults', () => {
    expect(readYaml('name: x\ntags: [a, b]\n', 'a.yaml', schema)).toEqual({ name: 'x', size: 3, tags: ['a', 'b'] });
    expect(readYaml('{}', 'a.yaml', schema)).toEqual({ size: 3 });
  });

  it('reads Windows line ends, a byte order mark, a document start and comments', () => {
    expect(readYaml('\uFEFF# c\r\n---\r\nname: x\r\nsize: 4\r\n', 'a.yaml', schema)).toEqual({ name: 'x', size: 4 });
  });

  it('follows a few anchors, also to the place of a problem', () => {
    expect(readYaml('named: {a: &w {weight: 1}, b: *w}', 'a.yaml', schema).named).toEqual({
      a: { weight: 1 },
      b: { weight: 1 },
    });
    expect(refused('named:\n  a: &w {weight: x}\n  b: *w\n')).toEqual([
      'a.yaml:2:18: named.a.weight: expected a number, not x',
      'a.yaml:2:18: named.b.weight: expected a number, not x',
    ]);
  });

  it.each([
    [
      'a tab as indentation',
      'nested:\n\tdepth: 1\n\tother: 2\n',
      [
        'a.yaml:2:1: a tab in the indentation: YAML indents by spaces',
        'a.yaml:3:1: a tab in the indentation: YAML indents by spaces',
      ],
    ],
    ['a tab after spaces', 'nested:\n  \tdepth: 1\n', ['a.yaml:2:3: a tab in the indentation: YAML indents by spaces']],
    ['duplicate keys', 'name: a\nsize: 1\nname: b\n', ['a.yaml:3:1: duplicate key "name", first given on line 1']],
    [
      'duplicate keys in a flow map',
      'nested: {depth: 1, depth: 2}',
      ['a.yaml:1:20: duplicate key "depth", first given on line 1'],
    ],
    [
      'duplicate keys of different spelling',
      'name: a\n"name": b\n',
      ['a.yaml:2:1: duplicate key "name", first given on line 1'],
    ],
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'].map(
      (name): [string, string, string[]] => [
        `the key ${name}, in which a value would be lost`,
        `name: a\nnamed:\n  "${name}": {weight: 1}\n`,
        [`a.yaml:3:3: "${name}" is a name that JavaScript keeps for itself; choose another`],
      ],
    ),
    [
      'a second document',
      'name: a\n---\nname: b\n',
      ['a.yaml:2:1: a second document begins here; the file must hold one'],
    ],
    ['a list at the top', '# x\n- a\n', ['a.yaml:2:1: the top level must be a map of keys to values']],
    ['a word at the top', 'hello', ['a.yaml:1:1: the top level must be a map of keys to values']],
    ['an empty file', '', ['a.yaml:1:1: the file is empty; write {} for all defaults']],
    ['a file of comments', '# name: x\n', ['a.yaml:1:1: the file is empty; write {} for all defaults']],
    ['a custom tag', 'name: !secret x\n', ['a.yaml:1:7: tags are not allowed: Unresolved tag: !secret']],
    [
      'a JavaScript tag',
      'name: !!js/function "x"\n',
      ['a.yaml:1:7: tags are not allowed: Unresolved tag: tag:yaml.org,2002:js/function'],
    ],
    [
      'a binary tag',
      'name: !!binary aGk=\n',
      ['a.yaml:1:7: tags are not allowed: Unresolved tag: tag:yaml.org,2002:binary'],
    ],
    [
      'a merge key',
      '<<: {name: x}\n',
      ['a.yaml:1:1: <<: unknown key; known here: name, size, flag, tags, nested, named'],
    ],
    ['a list as a key', '? [a]\n: x\n', ['a.yaml:1:3: a key must be a plain word']],
    [
      'an unknown alias',
      'name: *nowhere\n',
      ['a.yaml:1:7: Unresolved alias (the anchor must be set before the alias): nowhere'],
    ],
    ['an open quote', 'name: "x\n', ['a.yaml:2:1: Missing closing "quote']],
    ['NaN', 'nested: {depth: .nan}', ['a.yaml:1:17: nested.depth: expected a number, not .nan']],
    ['infinity', 'nested: {depth: .inf}', ['a.yaml:1:17: nested.depth: expected a number, not .inf']],
    ['a number beyond floats', 'nested: {depth: 1e999}', ['a.yaml:1:17: nested.depth: expected a number, not 1e999']],
    [
      '__proto__',
      '__proto__: {size: 1}\n',
      [
        'a.yaml:1:1: "__proto__" is a name that JavaScript keeps for itself; choose another',
        'a.yaml:1:1: __proto__: unknown key; known here: name, size, flag, tags, nested, named',
      ],
    ],
    ['a missing key', 'nested: {}', ['a.yaml:1:1: nested.depth: is missing']],
    [
      'a key without value',
      'nested:\nsize:\n',
      [
        'a.yaml:1:1: nested: has no value; give a map or leave the key out',
        'a.yaml:2:1: size: has no value; give a number or leave the key out',
      ],
    ],
    [
      'a wrong type',
      'name: 5\nflag: yes\ntags: x\nsize: 1.5\n',
      [
        'a.yaml:1:7: name: expected a text, not 5',
        'a.yaml:2:7: flag: expected true or false, not yes',
        'a.yaml:3:7: tags: expected a list, not x',
        'a.yaml:4:7: size: expected a whole number, not 1.5',
      ],
    ],
    ['a wrong element', 'tags:\n  - a\n  - {b: 1}\n', ['a.yaml:3:5: tags[1]: expected a text, not a map']],
  ])('refuses %s', (_what, text, expected) => {
    expect(refused(text)).toEqual(expected);
  });

  it('refuses unknown keys, with the nearest known one or its right place', () => {
    expect(refused('nam: x\ndepth: 1\nnested: {dept: 1}\nnamed: {x: {wieght: 1}}\nzzz: 1\n')).toEqual([
      'a.yaml:1:6: nam: unknown key; did you mean name?',
      'a.yaml:2:8: depth: unknown key here; it belongs under nested:',
      'a.yaml:3:1: nested.depth: is missing',
      'a.yaml:3:16: nested.dept: unknown key; did you mean depth?',
      'a.yaml:4:9: named.x.weight: is missing',
      'a.yaml:4:21: named.x.wieght: unknown key; did you mean weight?',
      'a.yaml:5:6: zzz: unknown key; known here: name, size, flag, tags, nested, named',
    ]);
  });

  it('refuses more than 1 MiB, and takes exactly that much', () => {
    const filled = (bytes: number): string => `name: x\n#${'x'.repeat(bytes - 9)}`;
    expect(readYaml(filled(MAX_FILE_BYTES), 'a.yaml', schema).name).toBe('x');
    expect(refused(filled(MAX_FILE_BYTES + 1))).toEqual(['a.yaml:1:1: is larger than 1048576 bytes']);
    // Three bytes a letter: the limit counts bytes.
    expect(refused(`# ${'€'.repeat(400_000)}\nname: x`)).toEqual(['a.yaml:1:1: is larger than 1048576 bytes']);
  });

  it('refuses an anchor bomb without growing', () => {
    const levels = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'].map((pair) => pair.split(''))) {
      levels.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`);
    }
    const before = process.memoryUsage().heapUsed;
    expect(refused(levels.join('\n'))).toEqual([
      'a.yaml:2:8: too many uses of anchors: the content would grow out of hand',
    ]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  });

  it('survives depth, width and a map full of problems', () => {
    const tooDeep = 'nested too deeply: more than 100 lists and maps';
    expect(refused(`size: 1\nname: ${'['.repeat(500_000)}`)).toEqual([`a.yaml:2:105: ${tooDeep}`]);
    expect(refused('- '.repeat(500_000))).toEqual([`a.yaml:1:199: ${tooDeep}`]);
    expect(refused(`name: ${'['.repeat(90)}${']'.repeat(90)}`)).toEqual([
      'a.yaml:1:1: name: expected a text, not a list',
    ]);
    const many = refused(Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n'));
    expect(many).toHaveLength(201);
    expect(many.at(-1)).toMatch(/and 19800 more problems$/);
    const deep = refused(`named:\n${Array.from({ length: 10_000 }, (_, index) => `  k${index}: {a: 1}`).join('\n')}`);
    expect(deep.at(-1)).toMatch(/and \d+ more problems$/);
  });
});

describe('readYamlDocument', () => {
  it('finds the place of a path for later checks', () => {
    const text = 'name: x\ntags:\n  - a\n  - bb\nnamed:\n  first:\n    weight: 1\n';
    const { problemAt } = readYamlDocument(text, 'a.yaml', schema);
    const place = (...path: (string | number)[]): string => formatProblem(problemAt(path, 'm'));
    expect(place('name')).toBe('a.yaml:1:7: name: m');
    expect(place('tags', 1)).toBe('a.yaml:4:5: tags[1]: m');
    expect(place('tags')).toBe('a.yaml:2:1: tags: m');
    expect(place('named', 'first')).toBe('a.yaml:6:3: named.first: m');
    expect(place('named', 'first', 'weight')).toBe('a.yaml:7:13: named.first.weight: m');
    expect(place('named', 'first', 'gone', 'deeper')).toBe('a.yaml:6:3: named.first.gone.deeper: m');
    expect(place()).toBe('a.yaml:1:1: m');
  });
});

describe('inspectYaml', () => {
  it('gives the content as written together with its problems', () => {
    const { raw, value, problems } = inspectYaml('size: 11\nname: a\n', 'a.yaml', schema);
    expect(raw).toEqual({ size: 11, name: 'a' });
    expect(value).toBeUndefined();
    expect(problems.map((problem) => problem.path)).toEqual(['size']);
  });

  it('has no value where a duplicate key makes it ambiguous', () => {
    expect(inspectYaml('name: a\nname: b\n', 'a.yaml', schema)).toMatchObject({ value: undefined });
  });
});

describe('ConfigError', () => {
  it('says every problem in its message', () => {
    const error = new ConfigError([
      { file: 'a', line: 1, column: 2, path: 'x', message: 'm' },
      { file: 'b', line: 3, column: 4, path: '', message: 'n' },
    ]);
    expect(error.message).toBe('a:1:2: x: m\nb:3:4: n');
  });
});
