import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './core/json';

/** SHA-256 of a text's UTF-8 bytes, lower-case hex, 64 characters. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 of a value's canonical JSON: equal values have equal digests, whatever their key order. */
export function digestOf(value: Json): string {
  return sha256(canonicalJson(value));
}
