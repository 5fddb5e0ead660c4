import type { EdgeEvidence } from '../graph/graph';
import { toolKey } from '../tool';
import { rivalsOf, testAlternative } from './alternative-tests';
import { testData, type DataTest, type FedArgument } from './data-tests';
import type { Reduced } from './necessity';
import { stepOf, type Lab, type Success } from './observation';
import { candidateKey, freeParameters, type DataCandidate } from './provenance';
import { rememberReductions, testStates } from './state-tests';

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
  /** Successes of one consumer that are reduced at most in search of state prerequisites. */
  depth: number;
  made: EdgeEvidence[];
  /** Arguments whose producer stood every test: alternatives are looked for. */
  proven: { candidate: DataCandidate; fed: FedArgument }[];
}

export const newBench = (bench: Omit<TestBench, 'made' | 'proven' | 'reduce'>): TestBench => ({ ...bench, reduce: rememberReductions(bench.lab), made: [], proven: [] });

/** Traces that one data candidate is tested on: of two seeds where it was seen in two. */
const TRACES_PER_CANDIDATE = 2;

/** Tests one data candidate; its evidence is added to `bench.made`. */
export async function testDataCandidate(bench: TestBench, candidate: DataCandidate): Promise<void> {
  const { free, stated } = freeParameters(bench.lab.world, bench.successes.filter((success) => stepOf(success).tool === candidate.consumer));
  const place = `${candidate.consumer} ${candidate.param}`;
  let proof: FedArgument | undefined;
  for (const seen of tracesOf(candidate)) {
    const reduced = await bench.reduce(seen.success);
    if (reduced === undefined) continue;
    const fed: FedArgument = { reduced, pointer: seen.pointer, source: seen.source, stated: stated.has(place) };
    const tests = await testData(bench.lab, fed);
    const optional = free.has(place) || tests.some((test) => test.accepted === true);
    recordData(bench, candidate, tests, optional);
    if (tests.some((test) => !test.passed)) return;
    if (tests.length > 0 && !optional) proof ??= fed;
  }
  if (proof !== undefined) bench.proven.push({ candidate, fed: proof });
}

/** Looks for other producers of every proven argument that no candidate has named; evidence goes to `bench.made`. */
export async function testAlternatives(bench: TestBench): Promise<void> {
  const tried = new Set(bench.proven.map(({ candidate }) => candidateKey(candidate)));
  for (const { candidate, fed } of bench.proven) {
    for (const rival of rivalsOf(bench.lab, fed, bench.successes)) {
      const edge = { consumer: candidate.consumer, param: candidate.param, producer: rival.tool, outPath: rival.outPath };
      if (tried.has(candidateKey(edge))) continue;
      tried.add(candidateKey(edge));
      recordData(bench, edge, await testAlternative(bench.lab, fed, rival, bench.reduce), false);
    }
  }
}

function recordData(bench: TestBench, edge: Pick<DataCandidate, 'consumer' | 'param' | 'producer' | 'outPath'>, tests: readonly DataTest[], optional: boolean): void {
  const key = toolKey(bench.lab.world.id, edge.consumer);
  const member = { tool: toolKey(bench.lab.world.id, edge.producer), outPath: edge.outPath };
  for (const { test, passed, seed } of tests) {
    record(bench, {
      tool: key, test, passed, seed,
      edge: { kind: 'data', param: edge.param, member, groupId: `${key}|${edge.param}`, ...(optional ? { optional } : {}) },
    });
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
  for (const { tool, first, test, passed, seed } of await testStates(bench.lab, successes, bench.depth, bench.reduce)) {
    const groupId = `${key}|state|${toolKey(bench.lab.world.id, first)}`;
    record(bench, { tool: key, test, passed, seed, edge: { kind: 'state', member: { tool: toolKey(bench.lab.world.id, tool) }, groupId } });
  }
}

function record(bench: TestBench, row: Pick<EdgeEvidence, 'tool' | 'test' | 'passed' | 'seed' | 'edge'>): void {
  const { idPrefix, origin, item, made } = bench;
  made.push({ kind: 'edge', callId: `${idPrefix}/test/${made.length}`, origin, item, ...row });
}

