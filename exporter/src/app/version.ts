import { readFileSync } from 'node:fs';
import { shippedFile } from '../config/shippedFile.js';

/** The version in the package's own package.json. */
export function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(shippedFile('package.json'), 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content && typeof content.version === 'string') {
    return content.version;
  }
  throw new Error('package.json has no version');
}
