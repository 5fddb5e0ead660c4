import type { EdgeEvidence } from '../graph/graph';
import { toolKey } from '../tool';
import { testData } from './data-tests';
import { stepOf, type Lab, type Success } from './observation';
import { freeParameters, type DataCandidate } from './provenance';
import type { Reduced } from './necessity';
import { testStates } from './state-tests';

/** What the tests of a round share. */
export interface TestBench {
  lab: Lab;
  origin: EdgeEvidence['origin'];
  item: number;
  /** Prefix of the tests' call ids; they are numbered in the order in which they are made. */
  idPrefix: string;
  reduce: (success: Success) => Promise<Reduced | undefined>;
  /** Every success known: tells which parameters the tool can do without. */
  successes: readonly Success[];
  made: EdgeEvidence[];
}

/** Traces that one data candidate is tested on: of two seeds where it was seen in two. */
const TRACES_PER_CANDIDATE = 2;

/** Tests one data candidate; its evidence is added to `bench.made`. */
export async function testDataCandidate(bench: TestBench, candidate: DataCandidate): Promise<void> {
  const { free, stated } = freeParameters(bench.lab.world, bench.successes.filter((success) => stepOf(success).tool === candidate.consumer));
  const place = `${candidate.consumer} ${candidate.param}`;
  for (const seen of tracesOf(candidate)) {
    const reduced = await bench.reduce(seen.success);
    if (reduced === undefined) continue;
    const tests = await testData(bench.lab, { reduced, pointer: seen.pointer, source: seen.source, stated: stated.has(place) });
    const optional = free.has(place) || tests.some((test) => test.accepted === true);
    const key = toolKey(bench.lab.world.id, candidate.consumer);
    const member = { tool: toolKey(bench.lab.world.id, candidate.producer), outPath: candidate.outPath };
    for (const { test, passed, seed } of tests) {
      record(bench, {
        tool: key, test, passed, seed,
        edge: { kind: 'data', param: candidate.param, member, groupId: `${key}|${candidate.param}`, ...(optional ? { optional } : {}) },
      });
    }
    if (tests.some((test) => !test.passed)) return;
  }
}

/** The shortest traces, one per seed first. */
function tracesOf(candidate: DataCandidate): DataCandidate['seen'] {
  const byLength = [...candidate.seen].sort((a, b) => a.success.at - b.success.at);
  const first = byLength[0];
  const other = byLength.find((seen) => seen.success.walk.seed !== first?.success.walk.seed) ?? byLength[1];
  return [first, other].filter((seen) => seen !== undefined).slice(0, TRACES_PER_CANDIDATE);
}

/** Tests which calls one consumer needs for the state they leave; its evidence is added to `bench.made`. */
export async function testStateOf(bench: TestBench, consumer: string, successes: readonly Success[]): Promise<void> {
  const key = toolKey(bench.lab.world.id, consumer);
  for (const { tool, first, test, passed, seed } of await testStates(bench.lab, successes, bench.reduce)) {
    const groupId = `${key}|state|${toolKey(bench.lab.world.id, first)}`;
    record(bench, { tool: key, test, passed, seed, edge: { kind: 'state', member: { tool: toolKey(bench.lab.world.id, tool) }, groupId } });
  }
}

function record(bench: TestBench, row: Pick<EdgeEvidence, 'tool' | 'test' | 'passed' | 'seed' | 'edge'>): void {
  const { idPrefix, origin, item, made } = bench;
  made.push({ kind: 'edge', callId: `${idPrefix}/test/${made.length}`, origin, item, ...row });
}

