import { setTimeout as sleep } from 'node:timers/promises';
import { SdkHttpError, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { WorldUnavailable } from '../world';
import { callTool, clientOf, identityIn, listTools, reasonOf, type Server } from './server';

export interface RemoteSpec {
  url: string;
  headers: Record<string, string>;
  startTimeoutMs: number;
  /** Bytes of one reply; a longer one breaks the connection. */
  maxMessageBytes: number;
  /** Takes secret values out of a text. */
  mask(text: string): string;
}

// What a server has for the end of its session; it may be gone already.
const GOODBYE_MS = 1_000;
/** Nothing is heard that was not asked for, so a list of tools is looked at again after this long. */
const LIST_LASTS_MS = 60_000;

/** Opens a session with a server over streamable HTTP; throws `WorldUnavailable` in one sentence. */
export async function connectServer(spec: RemoteSpec): Promise<Server> {
  const transport = new StreamableHTTPClientTransport(new URL(spec.url), {
    requestInit: { headers: spec.headers },
    fetch: limitedFetch(spec.maxMessageBytes),
    // A reply that was cut off may have been carried out: asking again is the replay's business.
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1_000, maxReconnectionDelay: 1_000, reconnectionDelayGrowFactor: 1 },
  });
  const client = clientOf();
  let open = true;
  let listedAt = performance.now();
  client.onclose = () => (open = false);
  try {
    await client.connect(transport, { timeout: spec.startTimeoutMs });
  } catch (error) {
    await client.close().catch(() => undefined);
    throw new WorldUnavailable(spec.mask(`Expected an MCP server at ${spec.url}, got: ${whyNot(error)}`), { cause: withoutSecrets(error, spec) });
  }
  return {
    identity: identityIn(client),
    listTools: () => {
      listedAt = performance.now();
      return listTools(client, spec.startTimeoutMs);
    },
    callTool: (name, args, timeoutMs) => callTool(client, { name, args, timeoutMs }).catch((error: unknown) => {
      // A session that the server has forgotten, or a server that is gone: this connection is of no use any more.
      if (!isProtocolError(error)) open = false;
      throw isProtocolError(error) ? error : new Error(spec.mask(whyNot(error)));
    }),
    alive: () => open,
    listChanged: () => performance.now() - listedAt > LIST_LASTS_MS,
    lastWords: () => '',
    stop: async () => {
      open = false;
      await Promise.race([transport.terminateSession().catch(() => undefined), sleep(GOODBYE_MS, undefined, { ref: false })]);
      await client.close().catch(() => undefined);
    },
  };
}

/** A JSON-RPC error has a negative number as its code; time limits and lost connections have names. */
export const isProtocolError = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;

function whyNot(error: unknown): string {
  const status = error instanceof SdkHttpError ? error.status : error instanceof UnauthorizedError ? 401 : undefined;
  if (status === 401 || status === 403) return `HTTP ${status}, which means that it does not accept who asks; check headersEnv and the variables it names`;
  if (status !== undefined) return `HTTP ${status}; check the address, which for most servers ends in /mcp`;
  // Node's `fetch failed` has its reason in the cause, and that has a code where it has no message.
  const inner = (error as { cause?: { message?: string; code?: string } } | null)?.cause;
  const cause = inner === undefined ? '' : `: ${inner.message || inner.code}`;
  return `${reasonOf(error)}${cause}`;
}

/** An error's own words may repeat a request's headers. */
const withoutSecrets = (error: unknown, spec: RemoteSpec): Error => new Error(spec.mask(reasonOf(error)));

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` that stops reading a reply at its limit, and has no stream of messages nobody asked for: a session's list of
 * tools is read when it opens, and an open stream would keep the server and us busy.
 */
function limitedFetch(maxBytes: number): Fetch {
  return async (url, init) => {
    if ((init?.method ?? 'GET') === 'GET') return new Response(null, { status: 405 });
    const reply = await fetch(url, init);
    if (reply.body === null) return reply;
    let bytes = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) controller.error(new Error(`the reply has more than ${maxBytes} bytes`));
        else controller.enqueue(chunk);
      },
    });
    return new Response(reply.body.pipeThrough(counting), { status: reply.status, statusText: reply.statusText, headers: reply.headers });
  };
}
