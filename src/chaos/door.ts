import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A door on the way to the model endpoints: it counts the calls that are out, and it can be shut, which cuts them and
 * refuses others, as the death of the server behind it would.
 */
export interface Door {
  /** Base URL to give a worker in place of this endpoint's own. */
  urlOf(endpoint: string): string;
  /** Where an endpoint is; a restarted server may be named anew. */
  lead(endpoint: string, baseUrl: string): void;
  /** Calls that are out now. */
  open(): number;
  /** Replies handed on since the start, errors not counted. */
  replies(): number;
  /** Calls that a living worker gave up itself, such as those of a cancelled item. */
  abandoned(): number;
  /** From a worker's death until it is `false` again, calls that lose their caller are not abandoned. */
  callerIsDead(dead: boolean): void;
  shut(): void;
  unshut(): void;
  close(): Promise<void>;
}

interface State {
  upstreams: Map<string, string>;
  out: Set<ServerResponse>;
  replies: number;
  abandoned: number;
  callerDead: boolean;
  isShut: boolean;
}

/** Opens a door on a free port of the loopback address. */
export async function openDoor(): Promise<Door> {
  const state: State = { upstreams: new Map(), out: new Set(), replies: 0, abandoned: 0, callerDead: false, isShut: false };
  const server = createServer((request, response) => void pass(state, request, response));
  // Longer than any pause between two calls: an idle connection that closes must not look like a cut.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (endpoint) => `http://127.0.0.1:${port}/${encodeURIComponent(endpoint)}`,
    lead: (endpoint, baseUrl) => void state.upstreams.set(encodeURIComponent(endpoint), baseUrl.replace(/\/+$/, '')),
    open: () => state.out.size,
    replies: () => state.replies,
    abandoned: () => state.abandoned,
    callerIsDead: (dead) => void (state.callerDead = dead),
    shut: () => {
      state.isShut = true;
      for (const response of state.out) response.socket?.destroy();
    },
    unshut: () => void (state.isShut = false),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function pass(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, endpoint = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(request.url ?? '') ?? [];
  const upstream = state.upstreams.get(endpoint);
  // Said by a status and not by a reset: such a call never reached a model, and the record shows that by its failure.
  if (state.isShut || upstream === undefined) return refuse(response);
  state.out.add(response);
  response.once('close', () => {
    state.out.delete(response);
    if (!response.writableFinished && !state.callerDead && !state.isShut) state.abandoned += 1;
  });
  try {
    const reply = await ask({ url: `${upstream}${rest}`, request, response });
    response.writeHead(reply.status, reply.headers).end(reply.body);
    if (reply.status < 400) state.replies += 1;
  } catch {
    response.socket?.destroy();
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ error: { message: 'the model server is down', type: 'chaos', param: null, code: null } }));
}

interface Reply {
  status: number;
  headers: { [name: string]: string | string[] | undefined };
  body: Buffer;
}

/** Hands the request on over a connection of its own, and ends it when its caller goes. */
async function ask({ url, request, response }: { url: string; request: IncomingMessage; response: ServerResponse }): Promise<Reply> {
  const body = await bytesOf(request);
  const { host: _host, connection: _connection, ...headers } = request.headers;
  return await new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const upstream = send(url, { method: request.method, headers: { ...headers, 'content-length': body.length }, agent: false }, (reply) => {
      const { connection: _hop, 'transfer-encoding': _coding, 'keep-alive': _alive, ...kept } = reply.headers;
      bytesOf(reply).then((bytes) => resolve({ status: reply.statusCode ?? 502, headers: kept, body: bytes }), reject);
    });
    upstream.once('error', reject);
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
