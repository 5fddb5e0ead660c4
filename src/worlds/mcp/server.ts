import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, ReadBuffer, serializeMessage, type CallToolResult, type Tool, type Transport } from '@modelcontextprotocol/client';
import { isObject, type JsonObject } from '../../core/json';
import { identityOf, killIfThere } from '../../process-identity';
import { WorldUnavailable } from '../world';
import { plain } from './plain-text';

export interface ServerSpec {
  command: string;
  args: readonly string[];
  /** The command as its user knows it. */
  name: string;
  env: Record<string, string>;
  cwd: string;
  /** Milliseconds until the server has to have answered `initialize`. */
  startTimeoutMs: number;
  /** Where the process is noted, so that whoever finds it after our death can end it. */
  pidFile?: string;
  /** Bytes of one message on stdout; a longer one ends the server. */
  maxMessageBytes: number;
  /** Takes secret values out of a text. */
  mask(text: string): string;
}

/** A running MCP server. */
export interface Server {
  /** `name@version` as the server says. */
  identity: string;
  listTools(): Promise<Tool[]>;
  /** Rejects when the server errs in the protocol, dies, or is silent for `timeoutMs`. */
  callTool(name: string, args: JsonObject, timeoutMs: number): Promise<CallToolResult>;
  alive(): boolean;
  /** The server has said since it was last asked for its tools that they are others now. */
  listChanged(): boolean;
  /** The last line on stderr that speaks of an error, else the last; `''` when the server was silent. */
  lastWords(): string;
  /** Ends the server and everything it started; safe to call twice. */
  stop(): Promise<void>;
}

// Far above what any server has; pages without an end stop here.
const MOST_TOOLS = 1_000;
const STDERR_KEPT = 8_192;
const GRACE_MS = 1_000;
const living = new Set<ChildProcess>();

// A server's children are in its group, so that whatever it started ends with it.
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) killIfThere(-child.pid, signal);
}
/** The user namespace of a process, by the kernel's name for it: a confined server has one of its own. */
function namespaceOf(pid: number | string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/user`);
  } catch {
    return '';
  }
}

/** Ends what a confined server started in groups of their own; they share its namespace. */
function killNamespace(namespace: string): void {
  if (namespace === '' || namespace === namespaceOf('self')) return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && namespaceOf(name) === namespace)) killIfThere(Number(pid));
}

process.once('exit', () => living.forEach((child) => killGroup(child, 'SIGKILL')));

/** Starts a server and shakes hands; throws `WorldUnavailable` in one sentence: what was started, what came, its last words. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  const child = spawn(spec.command, spec.args, { cwd: spec.cwd, env: spec.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  if (spec.pidFile !== undefined && child.pid !== undefined) writeFileSync(spec.pidFile, JSON.stringify(identityOf(child.pid)));
  const confined = { namespace: '' };
  const ending = watchEnd(child, confined);
  const stderr = keepTail(child);
  const stop = (): Promise<void> => stopChild(child, ending);
  const client = clientOf();
  const news = { list: false };
  try {
    const died = ending.then((how) => Promise.reject(new Error(how)));
    await Promise.race([client.connect(stdioTransport(child, { maxBufferSize: spec.maxMessageBytes, stop, onListChanged: () => (news.list = true) }), { timeout: spec.startTimeoutMs }), died]);
  } catch (error) {
    confined.namespace = namespaceOf(child.pid ?? '');
    // A broken pipe is only how its death was noticed.
    const how = await Promise.race([ending, sleep(100, reasonOf(error))]);
    await stop();
    // A program that is not there is told by the words of whoever became it, `unshare` or the shell.
    const isMissing = /^((unshare|setpriv): failed to execute .*No such file|sh: .*exec: .*not found)/.test(stderr());
    const words = stderr() === '' || isMissing ? '' : `; its last words: ${stderr()}`;
    const advice = /ENOENT|EROFS|no such file|cannot find|not found|read-only/i.test(words) ? '; it sees the programs of this machine, its own folder and what `files` names' : '';
    throw new WorldUnavailable(spec.mask(`Expected \`${spec.name}\` to start as an MCP server, got: ${isMissing ? 'no such program on PATH (ENOENT)' : how}${words}${advice}`), { cause: new Error(spec.mask(reasonOf(error))) });
  }
  confined.namespace = namespaceOf(child.pid ?? '');
  return {
    identity: identityIn(client),
    listTools: () => {
      news.list = false;
      return listTools(client, spec.startTimeoutMs);
    },
    listChanged: () => news.list,
    callTool: (name, args, timeoutMs) => callTool(client, { name, args, timeoutMs }),
    alive: () => child.exitCode === null && child.signalCode === null,
    lastWords: stderr,
    stop,
  };
}

/** Some servers' output does not fit their own output schema: what they sent is what happened, so nothing is refused here. */
export const clientOf = (): Client =>
  new Client({ name: 'hardgen', version: '1' }, { jsonSchemaValidator: { getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }) } });

export function identityIn(client: Client): string {
  const info = client.getServerVersion();
  return plain(`${info?.name ?? 'unnamed'}@${info?.version ?? '0'}`);
}

export const callTool = (client: Client, call: { name: string; args: JsonObject; timeoutMs: number }): Promise<CallToolResult> =>
  client.request({ method: 'tools/call', params: { name: call.name, arguments: call.args } }, { timeout: call.timeoutMs }) as Promise<CallToolResult>;

export async function listTools(client: Client, timeout: number): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } }, { timeout });
    tools.push(...page.tools);
    cursor = page.nextCursor;
    if (tools.length > MOST_TOOLS) throw new Error(`a list of more than ${MOST_TOOLS} tools`);
  } while (cursor !== undefined);
  return tools;
}

/** Resolves, never rejects, with how the process ended. */
function watchEnd(child: ChildProcess, confined: { namespace: string }): Promise<string> {
  living.add(child);
  return new Promise((resolve) => {
    const end = (how: string): void => {
      living.delete(child);
      // A grandchild that holds the pipes would keep the connection open.
      killGroup(child, 'SIGKILL');
      killNamespace(confined.namespace);
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`the process ended with ${signal ?? `code ${code}`}`));
  });
}

/** Reads stderr on and on, since a full pipe stalls the server, and keeps the end of it. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-STDERR_KEPT)));
  return () => {
    const lines = tail.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    // Node prints its version after the error it dies of.
    return plain(lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 500);
  };
}

/** The client library's own stdio transport hands on SHELL, USER and TERM and knows no process groups. */
function stdioTransport(child: ChildProcess, { maxBufferSize, stop, onListChanged }: { maxBufferSize: number; stop(): Promise<void>; onListChanged(): void }): Transport {
  const buffer = new ReadBuffer({ maxBufferSize });
  const transport: Transport = {
    start: async () => {
      child.stdin?.on('error', (error) => transport.onerror?.(error));
      child.stdout?.on('data', (chunk: Buffer) => receive(chunk));
      child.once('close', () => transport.onclose?.());
    },
    send: async (message) => {
      if (child.stdin?.writable !== true) throw new Error('the server does not listen any more');
      if (!child.stdin.write(serializeMessage(message))) await once(child.stdin, 'drain');
    },
    close: stop,
  };
  const receive = (chunk: Buffer): void => {
    try {
      buffer.append(chunk);
    } catch (error) {
      // Past the limit; what follows cannot be read either.
      transport.onerror?.(error as Error);
      void stop();
      return;
    }
    for (let more = true; more; ) {
      try {
        const message = buffer.readMessage();
        if (message === null) more = false;
        else {
          if ('method' in message && message.method === 'notifications/tools/list_changed') onListChanged();
          transport.onmessage?.(message);
        }
      } catch (error) {
        // Not a message: servers print banners on stdout.
        transport.onerror?.(error as Error);
      }
    }
  };
  return transport;
}

async function stopChild(child: ChildProcess, ending: Promise<string>): Promise<void> {
  child.stdin?.end();
  killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
  if (child.pid !== undefined) await ending;
  clearTimeout(timer);
}

/** Why something failed, in one line that a terminal may show. */
export const reasonOf = (error: unknown): string =>
  plain(isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error)).replace(/\s+/g, ' ').slice(0, 500);
