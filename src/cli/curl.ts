import type { ModelTarget } from '../activities/deps';
import { encodeLookup, LOOKUP_HEADER, requestBody } from '../clients/chat-model';
import type { ChatRequest } from '../core/chat/chat';
import type { Json } from '../core/json';

/** A request as a command for a POSIX shell; a key stands in it as the variable that holds it, never as its value. */
export function curlCommand({ target, request, lookup }: { target: ModelTarget; request: ChatRequest; lookup: Json }): string {
  const { endpoint } = target;
  const headers = { 'content-type': 'application/json', ...endpoint.headers, ...(target.simulated ? { [LOOKUP_HEADER]: encodeLookup(lookup) } : {}) };
  return [
    `curl -sS ${quoted(`${endpoint.baseURL.replace(/\/+$/, '')}/chat/completions`)}`,
    ...(endpoint.apiKeyEnv === undefined ? [] : [`-H "Authorization: Bearer $${endpoint.apiKeyEnv}"`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-raw ${quoted(JSON.stringify(requestBody(target, request)))}`,
  ].join(' \\\n  ');
}

/** One word to a POSIX shell, whatever stands in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
