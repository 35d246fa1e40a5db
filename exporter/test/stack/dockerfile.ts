import { readFileSync } from 'node:fs';
import { ROOT } from './composeFile.js';

export interface CopyInstruction {
  /** The stage that it copies from; null: the context. */
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

/** An instruction of exporter/Dockerfile: `RUN`, and the rest of it on one line. */
type Instruction = readonly [name: string, rest: string];

/** Stages of exporter/Dockerfile, in order; the last one is the image. */
export const STAGES: readonly (readonly Instruction[])[] = readStages();

function readStages(): Instruction[][] {
  const text = readFileSync(`${ROOT}exporter/Dockerfile`, 'utf8');
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n');
  const stages: Instruction[][] = [];
  for (const [, name = '', rest = ''] of lines.map((line) => /^([A-Z]+) (.*)$/.exec(line) ?? [])) {
    if (name === 'FROM') stages.push([]);
    if (name !== '') stages.at(-1)?.push([name, rest]);
  }
  return stages;
}

/** What an instruction of a stage says, once for each time that it stands there. */
export function instructions(stage: readonly Instruction[], name: string): string[] {
  return stage.filter(([one]) => one === name).map(([, rest]) => rest);
}

export function copies(stage: readonly Instruction[]): CopyInstruction[] {
  return instructions(stage, 'COPY').map((rest) => {
    const words = rest.split(/\s+/);
    const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1] ?? null;
    const paths = from === null ? words : words.slice(1);
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}
