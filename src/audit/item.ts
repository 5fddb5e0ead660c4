import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { itemCells, resolveModel, type CampaignContext } from '../activities/context';
import type { Deps, RecordLine } from '../activities/deps';
import { historyFile, missingHistoryFile } from '../activities/finish';
import { decisionOf, RETRY_KEY } from '../activities/item-state';
import { recordedSpend, requestHashOf, type StoredCall } from '../activities/model-call';
import { asideFile } from '../activities/retry';
import type { SpecLine } from '../activities/sample';
import { blobFile } from '../clients/record-store';
import { addSpend, NO_SPEND, type ItemResult, type Spend } from '../core/campaign/progress';
import { recordName, workflowIdOf, type ItemRef } from '../core/campaign/refs';
import { paidBefore } from '../core/campaign/retried';
import { canonicalJson, jsonEqual, type Json, type JsonObject } from '../core/json';
import { outcomeLabel, type Outcome } from '../core/outcome';
import { callSignature, cellId, type TraceSpec } from '../core/trace';
import { sha256 } from '../digest';
import { deriveItem, type Derivation, type Difference } from './derive';
import { firstDifference } from './difference';
import { CURE, cut, type Finding } from './finding';
import { readHistory, type History } from './history';
import { readRecordFile } from './record-file';
import { auditReused } from './reused';
import { taskId } from './tasks';

/** Everything an item's audit reads. */
export interface ItemAudit {
  ref: ItemRef;
  findings: Finding[];
  /** Lines that a crash cut off. */
  torn: number;
  calls: number;
  /** As the record has it: cell, signature and end are what the dataset goes by. */
  cell: string;
  signature: string;
  outcome?: Outcome;
  /** What its replies cost, those of earlier tries too; `undefined` while a retry of it has not ended. */
  paid?: Spend;
  /** Campaigns whose folder is not here, one entry per reply that was taken over from there. */
  notFollowed: string[];
  /** The bytes of its row as they must be. */
  row?: string;
  history?: History;
}

interface OutcomeLine {
  outcome: Outcome;
  spend: Spend;
  attempts: number[];
}

/** Checks one item against everything that is kept of it. `ended`: the campaign has, so nothing may be missing. */
export async function auditItem(input: { deps: Deps; context: CampaignContext; folder: string; ref: ItemRef; ended: boolean }): Promise<ItemAudit> {
  const { deps, context, folder, ref } = input;
  const name = recordName(ref);
  const file = `records/${name}.jsonl`;
  const history = await auditHistory({ folder, ref, ended: input.ended });
  const text = (await textOf(join(folder, file))) ?? (history.history && isUnsampled(history.history) ? '' : undefined);
  const audit: ItemAudit = { ref, findings: [], torn: 0, calls: 0, cell: '', signature: '', notFollowed: [] };
  const tell = (found: readonly Finding[]): void => void audit.findings.push(...found.map((finding) => ({ item: name, ...finding })));
  if (text === undefined) {
    tell([{ file, expected: 'the record of an item that has begun', got: 'no file', cure: CURE.record }]);
    return audit;
  }
  const record = readRecordFile(text, file);
  const { lines } = record;
  const at = (key: string): string => `${record.places.get(key) ?? '-'} (${cut(key)})`;
  audit.torn = record.torn;
  audit.calls = lines.filter((line) => line.kind === 'call').length;
  tell(record.findings);

  const spec = await auditSpec({ ...input, lines, file, at });
  tell(spec.findings);
  if (spec.trace) audit.cell = cellId(spec.trace.cell);
  audit.signature = spec.signature;
  audit.outcome = outcomeOf(ref, lines);
  tell(auditCalls({ context, lines, file, at }));
  const reused = await auditReused({ home: deps.home, lines, file, at });
  tell(reused.findings);
  audit.notFollowed = reused.notFollowed;
  tell(await auditRetry({ folder, ref, lines, file, at }));
  audit.paid = await paidFor(folder, ref, lines);

  tell(history.findings);
  if (history.history) audit.history = history.history;

  // What rests on a line that is not itself any more would only be named a second time.
  if (record.findings.length > 0 || spec.findings.length > 0) return audit;
  if (spec.trace) tell(await reexecute(context, spec.trace, file, at));
  const derivation = await deriveItem(deps, context, ref, lines);
  tell(derivation.differences.map((difference) => findingOf(difference, file, at)));
  if (derivation.differences.length === 0) tell(auditEnd({ ref, lines, derivation, file, at }));
  const agreed = audit.findings.length === 0;
  if (agreed && history.history) tell(matchHistory({ ref, lines, history: history.history, derivation, file: historyFile(ref), at }));
  if (derivation.row !== undefined) audit.row = derivation.row;
  if (agreed) tell(await auditRow({ folder, ref, outcome: audit.outcome, row: derivation.row }));
  return audit;
}

type Where = (key: string) => string;

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const outcomeOf = (ref: ItemRef, lines: readonly RecordLine[]): Outcome | undefined =>
  ref.purpose === 'trajectory' ? decisionOf<OutcomeLine>(lines, 'outcome')?.outcome : undefined;

/** The sampled trace: its file has the hash that the record names, and it is this item's. */
async function auditSpec(input: { deps: Deps; context: CampaignContext; ref: ItemRef; lines: readonly RecordLine[]; file: string; at: Where }): Promise<{ findings: Finding[]; trace?: TraceSpec; signature: string }> {
  const { deps, context, ref, lines, file, at } = input;
  const line = decisionOf<SpecLine>(lines, 'spec');
  if (!line) return { findings: lines.some(({ kind }) => kind !== 'spec') ? [{ file, at: 'spec', expected: 'the line of the sampled trace', got: 'none', cure: CURE.record }] : [], signature: '' };
  if (!line.ok) return { findings: [], signature: '' };
  const blob = `../../specs/${line.hash.slice(0, 2)}/${line.hash}.json`;
  const text = await textOf(blobFile(deps.home, line.hash));
  if (text === undefined || sha256(text) !== line.hash) {
    return { findings: [{ file: blob, expected: `the trace with sha256 ${line.hash.slice(0, 12)}…`, got: text === undefined ? 'no file' : `sha256 ${sha256(text).slice(0, 12)}…`, cure: CURE.record }], signature: line.signature };
  }
  const trace = JSON.parse(text) as TraceSpec;
  const cell = ref.purpose === 'trajectory' ? itemCells(context.manifest)[ref.item] : undefined;
  const signature = sha256(canonicalJson(callSignature(trace))).slice(0, 16);
  const findings = [
    ...(trace.item === ref.item && trace.purpose === ref.purpose ? [] : [{ expected: `the trace of ${recordName(ref)}`, got: `the one of ${recordName({ ...ref, purpose: trace.purpose, item: trace.item })}: the record of another item` }]),
    ...(cell === undefined || cellId(trace.cell) === cell ? [] : [{ expected: `a trace of cell ${cell}`, got: `one of ${cellId(trace.cell)}` }]),
    ...(signature === line.signature ? [] : [{ expected: `signature ${signature} of its calls`, got: line.signature }]),
    ...(trace.turns.length === line.turns ? [] : [{ expected: `${trace.turns.length} turns`, got: String(line.turns) }]),
  ].map((finding): Finding => ({ file, at: at('spec'), cure: CURE.record, ...finding }));
  return { findings, trace, signature: line.signature };
}

/** Every reply: under the key of its own question, whose hash it carries, and noted when it was sent; one that another campaign paid for was sent there. */
function auditCalls({ context, lines, file, at }: { context: CampaignContext; lines: readonly RecordLine[]; file: string; at: Where }): Finding[] {
  return lines.flatMap((line): Finding[] => {
    if (line.kind !== 'call') return [];
    const call = line.value as unknown as StoredCall;
    const where = { file, at: at(line.key), cure: CURE.record };
    const hash = requestHashOf(resolveModel({ manifest: context.manifest, use: useOf(context, call.key), simulatorUrl: '' }), call.request);
    const sent = call.reusedFrom !== undefined || lines.some((other) => other.kind === 'sent' && (other.value as JsonObject).key === call.key && (other.value as JsonObject).requestHash === call.requestHash);
    return [
      ...(hash === call.requestHash ? [] : [{ ...where, expected: `request hash ${cut(call.requestHash.slice(0, 12))} of the stored request`, got: hash.slice(0, 12) }]),
      ...(line.key === `call/${call.key}/${call.requestHash.slice(0, 12)}` ? [] : [{ ...where, expected: `the call of this key`, got: `the one of ${call.key}` }]),
      ...(sent ? [] : [{ ...where, expected: 'a line that it was sent before it was paid', got: 'none' }]),
    ];
  });
}

/** Of an item that was tried again: what stood before the stage stands the same in the record that was kept aside, and so on back to its first try. */
async function auditRetry({ folder, ref, lines, file, at }: { folder: string; ref: ItemRef; lines: readonly RecordLine[]; file: string; at: Where }): Promise<Finding[]> {
  const mark = lines.findLastIndex((line) => line.key.startsWith(RETRY_KEY));
  const line = lines[mark];
  if (!line) return [];
  const aside = asideFile(ref, Number(line.key.slice(RETRY_KEY.length)));
  const text = await textOf(join(folder, aside));
  if (text === undefined) return [{ file: aside, expected: 'the record as it was before the item was tried again', got: 'no file', cure: CURE.record }];
  const before = readRecordFile(text, aside);
  const kept = paidBefore(before.lines, String((line.value as JsonObject).from)) ?? [];
  const own = lines.slice(0, mark);
  const longer = kept.length > own.length ? kept : own;
  const different = longer.findIndex((_line, index) => !jsonEqual((own[index] ?? null) as unknown as Json, (kept[index] ?? null) as unknown as Json));
  return [
    ...before.findings,
    ...(await auditRetry({ folder, ref, lines: before.lines, file: aside, at: (key) => `${before.places.get(key) ?? '-'} (${cut(key)})` })),
    ...(different < 0 ? [] : [{ file, at: at(own[different]?.key ?? line.key), expected: `${cut(kept[different] ?? 'no such line')}, as ${aside} has it`, got: cut(own[different] ?? 'no such line'), cure: CURE.record }]),
  ];
}

/** Each try's own replies: what a retry took over stands before its mark. */
async function paidFor(folder: string, ref: ItemRef, lines: readonly RecordLine[]): Promise<Spend | undefined> {
  const markOf = (of: readonly RecordLine[]): number => of.findLastIndex((line) => line.key.startsWith(RETRY_KEY));
  const tries = Number(lines[markOf(lines)]?.key.slice(RETRY_KEY.length) ?? 0);
  if (tries > 0 && !lines.some((line) => line.kind === 'outcome')) return undefined;
  const asides = await Promise.all(Array.from({ length: tries }, (_unused, index) => textOf(join(folder, asideFile(ref, index + 1)))));
  const records = [...asides.map((text, index) => readRecordFile(text ?? '', asideFile(ref, index + 1)).lines), lines];
  return records.map((of) => recordedSpend(of.slice(markOf(of) + 1))).reduce(addSpend, NO_SPEND);
}

/** Which model the campaign file names for a call. */
function useOf(context: CampaignContext, key: string): Parameters<typeof resolveModel>[0]['use'] {
  const { roles, targets } = context.manifest.campaign.models;
  const [stage, target] = key.split('/');
  switch (stage) {
    case 'tool-maker': return roles.toolMaker;
    case 'query-generator': return roles.queryGenerator;
    case 'reasoner': case 'rewriter': return roles.reasoner;
    case 'target': return targets[Number(target?.slice(1))] ?? roles.reasoner;
    default: return roles.verifier;
  }
}

/** The gold calls once more, in a world that nobody has touched. */
async function reexecute(context: CampaignContext, trace: TraceSpec, file: string, at: Where): Promise<Finding[]> {
  const { results, digests } = await context.replayer.execute(trace.world)(trace.seed, trace.calls.map(({ tool, args }) => ({ tool, args })));
  const where = { file, at: at('spec'), cure: 'the world is not the one it was: run the audit with the tools of then' };
  return [
    ...trace.calls.flatMap((call, index) => {
      const result = results[index];
      const same = result?.ok && jsonEqual(result.value, call.result);
      const digest = digests[index + 1];
      return [
        ...(same ? [] : [{ ...where, expected: `gold call ${call.id} (${call.tool}) to give ${cut(call.result)}`, got: cut(result?.ok ? result.value : result?.message) }]),
        ...(digest === call.digest ? [] : [{ ...where, expected: `state ${call.digest.slice(0, 12)} after gold call ${call.id} (${call.tool})`, got: digest?.slice(0, 12) ?? 'nothing' }]),
      ];
    }),
    ...(digests.at(-1) === trace.endDigest ? [] : [{ ...where, expected: `end state ${trace.endDigest.slice(0, 12)}`, got: digests.at(-1)?.slice(0, 12) ?? 'nothing' }]),
  ];
}

function findingOf(difference: Difference, file: string, at: Where): Finding {
  const where = { file, at: at(difference.key), cure: CURE.record };
  switch (difference.kind) {
    case 'unanswered':
      return { ...where, expected: `the paid reply ${cut(difference.lineKey)} that this decision was taken from`, got: 'no such line: it is gone, or another question was asked' };
    case 'underived':
      return { ...where, expected: 'a decision that follows from a recorded reply', got: 'one that nothing leads to' };
    case 'error':
      return { ...where, expected: 'the step to go as it went', got: cut(difference.message) };
    case 'decision': {
      if (difference.stored === undefined) return { ...where, expected: 'the decision that follows from the recorded reply', got: 'no such line' };
      const place = firstDifference(difference.derived, difference.stored);
      return { ...where, expected: `${place?.pointer ?? ''} = ${cut(place?.expected)}, as follows from the recorded reply`, got: cut(place?.got) };
    }
  }
}

/** The outcome line against how the item ends by its own record. */
function auditEnd({ ref, lines, derivation, file, at }: { ref: ItemRef; lines: readonly RecordLine[]; derivation: Derivation; file: string; at: Where }): Finding[] {
  const stored = decisionOf<OutcomeLine>(lines, 'outcome');
  if (ref.purpose === 'probe' || !stored) return [];
  const { outcome, spend, attempts } = stored;
  const where = { file, at: at('outcome'), cure: CURE.record };
  const expected = derivation.outcome === undefined ? 'not ended' : outcomeLabel(derivation.outcome);
  return [
    ...(outcomeLabel(outcome) === expected ? [] : [{ ...where, expected: `outcome ${expected}, as its calls and decisions lead to`, got: outcomeLabel(outcome) }]),
    ...(jsonEqual(attempts, derivation.attempts) ? [] : [{ ...where, expected: `attempts ${JSON.stringify(derivation.attempts)}`, got: JSON.stringify(attempts) }]),
    ...(spendText(spend) === spendText(derivation.spend) ? [] : [{ ...where, expected: `a spend of ${spendText(derivation.spend)}, the sum of its paid replies`, got: spendText(spend) }]),
    // A zombie may note a request after the reply was taken, never the other way round.
    ...(spend.attempts <= derivation.spend.attempts ? [] : [{ ...where, expected: `${spend.attempts} lines of requests that were sent`, got: String(derivation.spend.attempts) }]),
  ];
}

/** A stop came before the first step of an item was taken: it has a history, and nothing of it was ever recorded. */
const isUnsampled = (history: History): boolean => history.closed !== undefined && !history.activities.some(({ name, result }) => name === 'sampleTrace' && result !== undefined);

async function auditHistory({ folder, ref, ended }: { folder: string; ref: ItemRef; ended: boolean }): Promise<{ findings: Finding[]; history?: History }> {
  const file = historyFile(ref);
  const where = { file, cure: CURE.history };
  const bytes = await readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!bytes) {
    const told = await textOf(join(folder, missingHistoryFile(ref)));
    const got = told === undefined ? { got: 'no file' } : { got: 'none: the server had forgotten it before it could be put away', cure: 'nothing brings it back; the record proves all but the order of the steps' };
    return { findings: ended ? [{ ...where, expected: 'the exported history of an item that has ended', ...got }] : [] };
  }
  try {
    const history = readHistory(bytes);
    return { history, findings: belongs(history, ref).map((finding) => ({ ...where, ...finding })) };
  } catch (error) {
    return { findings: [{ ...where, expected: 'a whole exported history', got: cut(error instanceof Error ? error.message : String(error)) }] };
  }
}

function belongs(history: History, ref: ItemRef): { expected: string; got: string; at?: string }[] {
  const own = (history.input as { ref?: Json } | null)?.ref;
  return [
    ...(history.workflowId === workflowIdOf(ref) ? [] : [{ expected: `the history of workflow ${workflowIdOf(ref)}`, got: `the one of ${cut(history.workflowId)}`, at: 'event 1' }]),
    ...(own !== undefined && jsonEqual(own, ref as unknown as Json) ? [] : [{ expected: `a workflow that was started for ${workflowIdOf(ref)}`, got: cut(own ?? 'another input'), at: 'event 1' }]),
    ...(history.closed === undefined ? [{ expected: 'an event that ends the workflow', got: `a history cut short after ${history.events} events`, at: `event ${history.events}` }] : []),
  ];
}

/** The activities' results in the history are those that the record leads to, and what they noted is what was noted. */
function matchHistory(input: { ref: ItemRef; lines: readonly RecordLine[]; history: History; derivation: Derivation; file: string; at: Where }): Finding[] {
  const { ref, lines, history, derivation, file } = input;
  const done = history.activities.filter((activity) => activity.result !== undefined);
  const findings: Finding[] = [];
  const differ = (at: string, expected: Json | undefined, got: Json | undefined): void => {
    const place = firstDifference(withoutAttempts(expected), withoutAttempts(got));
    if (place) findings.push({ file, at, expected: `${place.pointer || 'a result'} = ${cut(place.expected)}, as the record has it`, got: cut(place.got), cure: CURE.history });
  };
  const seen = new Set<string>();
  for (const { name, input: asked, result } of done) {
    const id = taskId(name, asked);
    if (derivation.results.has(id)) differ(id, derivation.results.get(id), result);
    else if (MODEL_ACTIVITIES.has(name)) findings.push({ file: `records/${recordName(ref)}.jsonl`, at: id, expected: 'the call and decision that the history tells of', got: 'none', cure: CURE.record });
    seen.add(id);
    if (name === 'readEnd') differ('readEnd', { spend: recordedSpend(lines) } as unknown as Json, { spend: (result as JsonObject).spend } as Json);
    if (name === 'recordOutcome') {
      const { outcome, spend, attempts } = asked;
      const stored = lines.find((line) => line.kind === 'outcome');
      if (!stored) findings.push({ file: `records/${recordName(ref)}.jsonl`, at: 'outcome', expected: `the outcome line (${outcomeLabel(outcome as unknown as Outcome)}) that the history tells of`, got: 'none', cure: CURE.record });
      else differ('recordOutcome', stored.value, { outcome, spend, attempts } as Json);
    }
  }
  const ended = lines.some((line) => line.kind === 'outcome');
  const untold = ended ? [...derivation.results.keys()].filter((id) => !seen.has(id)) : [];
  return [...findings, ...untold.map((id): Finding => ({ file, at: id, expected: 'the activity that the record has the reply of', got: 'none', cure: CURE.history }))];
}

const MODEL_ACTIVITIES = new Set(['makeTool', 'generateQuery', 'judgeParaphrase', 'reason', 'verify', 'rewrite', 'tryTarget']);

/** Requests that left are counted when a result is given; a killed worker's zombie may note one later. */
function withoutAttempts(value: Json | undefined): Json | undefined {
  const spend = (value as JsonObject | null | undefined)?.spend;
  if (value === undefined || typeof spend !== 'object' || spend === null) return value;
  return { ...(value as JsonObject), spend: { ...(spend as JsonObject), attempts: 0 } };
}

async function auditRow(input: { folder: string; ref: ItemRef; outcome: Outcome | undefined; row: string | undefined }): Promise<Finding[]> {
  const { folder, ref, outcome, row } = input;
  if (ref.purpose === 'probe') return [];
  const file = `rows/${recordName(ref)}.json`;
  const stored = await textOf(join(folder, file));
  const where = { file, cure: CURE.rebuild };
  // Written, and then cancelled as surplus before its end was noted: nobody reads it.
  if (outcome?.kind !== 'verified') return stored === undefined || outcome === undefined ? [] : [{ ...where, expected: `no row, since the item ended as ${outcomeLabel(outcome)}`, got: 'one', cure: 'remove it' }];
  if (stored === undefined) return [{ ...where, expected: 'the row of a verified item', got: 'no file' }];
  if (row === undefined || stored === row) return [];
  return [{ ...where, ...rowDifference(row, stored) }];
}

function rowDifference(row: string, stored: string): { at?: string; expected: string; got: string } {
  try {
    const place = firstDifference(JSON.parse(row) as Json, JSON.parse(stored) as Json);
    if (place) return { at: place.pointer, expected: `${cut(place.expected)}, as follows from the record`, got: cut(place.got) };
  } catch {
    return { expected: 'a row as JSON', got: cut(stored) };
  }
  return { expected: `the bytes that follow from the record (sha256 ${sha256(row).slice(0, 12)})`, got: `other bytes of equal meaning (sha256 ${sha256(stored).slice(0, 12)})` };
}

/** Requests that left are not held against each other: a killed worker's may be noted after they were counted. */
export const spendText = (spend: Omit<Spend, 'attempts'>): string =>
  `${spend.accepted} calls, ${spend.inputTokens} + ${spend.outputTokens} tokens, ${Math.round(spend.costMicroUsd)} µ$`;

/** The result of an item as its history has it. */
export const resultOf = (audit: ItemAudit): ItemResult | undefined => audit.history?.result as unknown as ItemResult | undefined;

