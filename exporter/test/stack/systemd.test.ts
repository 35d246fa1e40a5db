import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/startProgram.js';
import { ROOT } from './composeFile.js';
import { instructions, STAGES } from './dockerfile.js';

const UNITS = { 'portfolio-exporter': 'serve', 'portfolio-actions': 'actions' };

describe.each(Object.entries(UNITS))('deploy/systemd/%s.service', (name, command) => {
  const unit = readFileSync(`${ROOT}deploy/systemd/${name}.service`, 'utf8').replaceAll('\\\n', ' ');
  const [program = ''] = /^ExecStart=(.*)$/m.exec(unit)?.slice(1) ?? [];

  it('starts Node.js with the flags of the image', () => {
    const image = STAGES.flatMap((stage) => instructions(stage, 'RUN')).join('\n');
    const flags = (text: string): string[] =>
      /\bnode((?: --\S+)+) +\S*portfolio-exporter\.js/.exec(text)?.[1]?.trim().split(' ') ?? [];
    expect(flags(program)).not.toEqual([]);
    expect(flags(program)).toEqual(flags(image));
  });

  it('gives flags that the command has', async () => {
    const [, given = ''] = /portfolio-exporter\.js (.*)$/.exec(program) ?? [];
    const [first, ...flags] = given.trim().split(/\s+/);
    expect(first).toBe(command);
    const { stdout: help } = await runProgram([command, '--help']);
    for (const flag of flags) expect(help).toContain(` ${flag.split('=')[0] ?? ''} <`);
  });
});
