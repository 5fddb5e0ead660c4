import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson, type Json } from '../../core/json';
import type { Call, CallResult, KnownFact, WorldDoc } from '../../core/tool';
import { WorldUnavailable, type World, type WorldInstance } from '../world';

/**
 * A tape holds a world's document and known facts in its first line, then one line per place that was reached: the
 * seed, the successful calls on the way (as a hash), the call, its result and the digest after it. A failed call leaves
 * the state as it was, so it does not count as a step of the way.
 */
interface Header {
  doc: WorldDoc;
  known: KnownFact[][];
}

interface Line {
  seed: number;
  way: string;
  /** Left out in the line of a seed's initial state. */
  call?: Call;
  result?: CallResult;
  digest?: string;
}

/** The world, with every call, result and digest written to the tape as well; a tape of the same world is continued. */
export async function recordTape(world: World, file: string): Promise<World> {
  const written = await continueTape(world, file);
  const note = async (line: Line): Promise<void> => {
    const key = keyOf(line);
    if (written.has(key)) return;
    written.add(key);
    await appendFile(file, `${JSON.stringify(line)}\n`);
  };
  return { ...world, open: async (seed) => recording(await world.open(seed), seed, note) };
}

async function continueTape(world: World, file: string): Promise<Set<string>> {
  if (existsSync(file)) {
    const { header, lines } = await readTape(file);
    if (header.doc.version === world.doc.version) return new Set(lines.map(keyOf));
    throw new Error(`Expected a tape of ${world.doc.id}@${world.doc.version} at ${file} (mcp.tape.record), got one of ${header.doc.id}@${header.doc.version}; remove it or name another file`);
  }
  await mkdir(dirname(file), { recursive: true });
  const header: Header = { doc: world.doc, known: Array.from({ length: world.doc.seeds ?? 1 }, (_unused, seed) => world.known(seed)) };
  await appendFile(file, `${JSON.stringify(header)}\n`);
  return new Set();
}

function recording(instance: WorldInstance, seed: number, note: (line: Line) => Promise<void>): WorldInstance {
  let way = START;
  return {
    call: async (call) => {
      const result = await instance.call(call);
      // Infrastructure is no part of what the world answers.
      if (!result.ok && result.fault === 'unavailable') return result;
      await note({ seed, way, call, result });
      if (result.ok) way = further(way, call);
      return result;
    },
    digest: async () => {
      const digest = await instance.digest();
      await note({ seed, way, digest });
      return digest;
    },
    wanted: instance.wanted,
    close: () => instance.close(),
  };
}

/** A world that answers from the tape alone, without its server: same results, same digests, nothing else. */
export async function replayTape(file: string): Promise<World> {
  const { header, lines } = await readTape(file);
  const byKey = new Map(lines.map((line) => [keyOf(line), line]));
  const { doc } = header;
  const missing = (what: string): string => `${what} is not on the tape ${file} of world \`${doc.id}\`; record it with the server (\`tape: {record: …}\`), or ask for what is there`;
  return {
    doc,
    known: (seed) => structuredClone(header.known[seed] ?? []),
    open: async (seed) => {
      let way = START;
      return {
        call: async (call) => {
          const line = byKey.get(keyOf({ seed, way, call }));
          if (line?.result === undefined) return { ok: false, fault: 'unavailable', message: missing(`The call ${call.tool} ${canonicalJson(call.args)} at this place of seed ${seed}`) };
          if (line.result.ok) way = further(way, call);
          return structuredClone(line.result);
        },
        digest: async () => {
          const line = byKey.get(keyOf({ seed, way }));
          if (line?.digest === undefined) throw new WorldUnavailable(missing(`The state at this place of seed ${seed}`));
          return line.digest;
        },
        close: async () => undefined,
      };
    },
    maxOpen: Infinity,
    notices: () => [`World \`${doc.id}\` is replayed from a tape: a call that was not recorded has no answer, and pauses the campaign.`],
    close: async () => undefined,
  };
}

async function readTape(file: string): Promise<{ header: Header; lines: Line[] }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`Expected a recorded tape at ${file} (mcp.tape), could not read it; record one with \`tape: {record: …}\``, { cause });
  });
  // The last line may have been cut off by the end of the process that wrote it.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '');
  const [header, ...lines] = whole.map((line, at) => parsed(line, file, at));
  if (header === undefined || !('doc' in (header as object))) throw new Error(`Expected a world's document in the first line of the tape ${file}, got something else; record it anew`);
  return { header: header as unknown as Header, lines: lines as unknown as Line[] };
}

function parsed(line: string, file: string, at: number): Json {
  try {
    return JSON.parse(line) as Json;
  } catch (cause) {
    throw new Error(`Expected JSON in every line of the tape ${file}, got something else in line ${at + 1}; record it anew`, { cause });
  }
}

const START = '';
const textOf = (call: Call): string => canonicalJson([call.tool, call.args]);
const further = (way: string, call: Call): string => createHash('sha256').update(`${way} ${textOf(call)}`).digest('hex').slice(0, 24);
const keyOf = ({ seed, way, call }: Line): string => `${seed} ${way} ${call === undefined ? '' : textOf(call)}`;
