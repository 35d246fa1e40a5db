import { hash } from 'node:crypto';

/** Namespace of the demo's rows: an arbitrary constant. */
const NAMESPACE = Buffer.from('6f1c2a52d0f94c5e9f3b7a41c3e8d690', 'hex');

/** A version 5 (name-based) UUID, RFC 9562 section 5.5: the same name always gives the same row the same key. */
export function nameUuid(name: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name)]), 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
