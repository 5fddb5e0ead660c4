import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { ChatReply, ChatRequest } from '../core/chat/chat';
import { shortened } from '../core/chat/shortened';
import { roughTokens, usageOf } from '../core/chat/usage';
import type { ModelUse } from '../core/campaign/campaign.schema';
import { priceOf } from '../core/campaign/budget';
import type { ModelStage, SimulatorLookup } from '../core/campaign/lookup';
import { addSpend, NO_SPEND, type Spend } from '../core/campaign/progress';
import type { Json } from '../core/json';
import { digestOf } from '../digest';
import { mayLeave } from './allowance';
import type { CampaignContext } from './context';
import { resolveModel } from './context';
import type { Deps, GateOutcome, ModelReply, ModelTarget, RecordLine } from './deps';
import { modelFailure, requestIdOf, type Classified, type FailureType } from './failures';
import { isReadable } from './readable';
import { RETRY_KEY } from './item-state';
import { reusableCall } from './reuse';
import { recordName, type ItemRef } from '../core/campaign/refs';

export interface ModelCallInput {
  context: CampaignContext;
  ref: ItemRef;
  stage: ModelStage;
  use: ModelUse;
  request: ChatRequest;
  turn: number;
  step?: number;
  attempt?: number;
  tryNumber?: number;
  target?: number;
  specHash: string;
}

/** `campaign/item` is the file; the rest of the key names one call in it. */
export const callKey = (input: { stage: ModelStage; turn: number; step?: number; attempt?: number; tryNumber?: number; target?: number }): string =>
  [input.stage, ...(input.target === undefined ? [] : [`m${input.target}`]), input.turn, input.step ?? 0, input.attempt ?? 1, input.tryNumber ?? 1].join('/');

/** What was asked of whom, as one hash: the same question to the same model is the same call, wherever it is served. */
export const requestHashOf = (target: Pick<ModelTarget, 'model' | 'sampling'>, request: ChatRequest): string =>
  digestOf({ model: target.model, sampling: target.sampling, ...request } as unknown as Json);

/**
 * A model's reply, paid for at most once: a stored one is returned without a call; a new one is on disk before this
 * returns. Every request that leaves is noted first, so the ledger also knows what a crash lost. What a role's model
 * cannot hold is asked once more in short; a target model is judged on the whole.
 */
export async function callModel(deps: Deps, input: ModelCallInput): Promise<{ reply: ChatReply; spend: Spend }> {
  const stored = await deps.records.read(input.ref.campaign, recordName(input.ref));
  if (input.stage === 'target') return ask(deps, input, stored);
  // Its refusal stands in the record: whoever comes back asks in short at once.
  if (wasTooLong(stored, callKey(input))) return ask(deps, { ...input, request: shortened(input.request) }, stored);
  try {
    return await ask(deps, input, stored);
  } catch (error) {
    if (!(error instanceof ApplicationFailure && error.type === TOO_LONG)) throw error;
    const request = shortened(input.request);
    if (request === input.request) throw error;
    return ask(deps, { ...input, request }, stored);
  }
}

const TOO_LONG: FailureType = 'LlmContextLength';

const wasTooLong = (lines: readonly RecordLine[], key: string): boolean => failuresOf(lines, key).some(({ type }) => type === TOO_LONG);

const failuresOf = (lines: readonly RecordLine[], key: string): FailedCall[] =>
  lines.filter((line) => line.kind === 'failed').map((line) => line.value as unknown as FailedCall).filter((call) => call.key === key);

/** `stored` = the item's record before the call. */
async function ask(deps: Deps, input: ModelCallInput, stored: readonly RecordLine[]): Promise<{ reply: ChatReply; spend: Spend }> {
  const target = resolveModel({ manifest: input.context.manifest, use: input.use, simulatorUrl: deps.simulatorUrl });
  const requestHash = requestHashOf(target, input.request);
  const key = callKey(input);
  const record = { campaign: input.ref.campaign, record: recordName(input.ref) };
  const lineKey = `call/${key}/${requestHash.slice(0, 12)}`;

  const known = stored.find((line) => line.key === lineKey);
  if (!known) deps.unanswered?.({ key, lineKey, target, request: input.request });
  const payment = { target, requestHash, key, lineKey, record };
  const line = known ?? (await takeOver(deps, input, payment, stored)) ?? (await payFor(deps, input, payment));
  const lines = await deps.records.read(record.campaign, record.record);
  return { reply: (line.value as unknown as StoredCall).reply, spend: spendOf(line.value as unknown as StoredCall, lines, key) };
}

/** A request that came to nothing. */
export interface FailedCall {
  key: string;
  type: FailureType;
  message: string;
  temporalAttempt: number;
  latencyMs: number;
  requestId: string;
  /** With the first failure that it had: what an operator or a `--dry-run` wants to see. */
  request?: ChatRequest;
}

export interface StoredCall {
  key: string;
  stage: ModelStage;
  endpoint: string;
  model: string;
  requestHash: string;
  request: ChatRequest;
  reply: ChatReply;
  usage: { inputTokens: number; outputTokens: number };
  costMicroUsd: number;
  requestId: string;
  latencyMs: number;
  /** Where the reply was paid for, when that was in another campaign; `usage` and `latencyMs` are those of that time. */
  reusedFrom?: string;
}

/** A reply that a campaign named by `reuse` paid for, as a line of this record; an item that is tried again asks anew. */
async function takeOver(deps: Deps, input: ModelCallInput, payment: Payment, lines: readonly RecordLine[]): Promise<RecordLine | undefined> {
  if (lines.some((line) => line.key.startsWith(RETRY_KEY))) return undefined;
  const found = await reusableCall(deps, input.context, { ref: input.ref, ...payment });
  if (!found) return undefined;
  const value: StoredCall = { ...found.call, key: payment.key, stage: input.stage, endpoint: payment.target.endpointName, costMicroUsd: 0, reusedFrom: found.from };
  return deps.records.append({ ...payment.record, line: { key: payment.lineKey, kind: 'call', value: value as unknown as Json }, durable: true });
}

interface Payment {
  target: ModelTarget;
  requestHash: string;
  key: string;
  lineKey: string;
  record: { campaign: string; record: string };
}

async function payFor(deps: Deps, input: ModelCallInput, payment: Payment): Promise<RecordLine> {
  const { target, record, key } = payment;
  const answer = await deps.gate.run<ModelReply>({
    endpoint: { ...target.endpoint, name: target.endpointName },
    owner: `${record.campaign}/${record.record}`, item: input.ref.item,
    // The reply's usage corrects it.
    inputTokens: roughTokens(input.request), maxOutputTokens: target.sampling.max_tokens,
    signal: Context.current().cancellationSignal,
  }, () => send(deps, input, payment));
  const { usage } = answer;
  const stored: StoredCall = {
    key, stage: input.stage, endpoint: target.endpointName, model: answer.model, requestHash: payment.requestHash, request: input.request, reply: answer.reply,
    usage, costMicroUsd: priceOf(usage, target.endpoint.price),
    requestId: answer.requestId ?? '', latencyMs: answer.latencyMs,
  };
  const [line] = await Promise.all([
    deps.records.append({ ...record, line: { key: payment.lineKey, kind: 'call', value: stored as unknown as Json }, durable: true }),
    deps.ledger.add(record.campaign, { microUsd: stored.costMicroUsd, tokens: stored.usage.inputTokens + stored.usage.outputTokens, contact: { endpoint: target.endpointName } }),
  ]);
  return line;
}

/** One request: only while nothing is paused and the budget holds, noted before it leaves, and noted again when it fails. */
async function send(deps: Deps, input: ModelCallInput, payment: Payment): Promise<GateOutcome<ModelReply>> {
  const { target, record, key } = payment;
  const activity = Context.current();
  await mayLeave(deps, { campaign: record.campaign, budget: input.context.manifest.campaign.budget });
  // The place at the gate is ours from here on: every wait before the request leaves is a place that stands empty.
  const note: RecordLine = { key: `sent/${key}/${randomUUID()}`, kind: 'sent', value: { key, requestHash: payment.requestHash, temporalAttempt: activity.info.attempt } };
  await Promise.all([deps.ledger.add(record.campaign, { calls: 1 }), deps.records.append({ ...record, line: note, unique: true })]);
  const began = Date.now();
  try {
    const reply = await deps.chat.complete({ target, request: input.request, lookup: lookupOf(input) as unknown as Json, signal: activity.cancellationSignal });
    const answer = { ...reply, usage: usageOf(reply, input.request) };
    return { kind: 'answered', value: answer, latencyMs: answer.latencyMs, ...answer.usage };
  } catch (error) {
    return failCall(deps, payment, { error, latencyMs: Date.now() - began, request: input.request });
  }
}

async function failCall(deps: Deps, payment: Payment, { error, latencyMs, request }: { error: unknown; latencyMs: number; request: ChatRequest }): Promise<GateOutcome<never>> {
  const activity = Context.current();
  // Checked first: an aborted call looks like a time limit.
  if (activity.cancellationSignal.aborted) throw new CancelledFailure('the activity was cancelled');
  const { target, record } = payment;
  const attempt = activity.info.attempt;
  const earlier = failuresOf(await deps.records.read(record.campaign, record.record), payment.key);
  const timeouts = earlier.filter(({ type }) => type === 'LlmTimeout').length;
  const { classified, message, thrown } = modelFailure(error, { target, campaign: record.campaign, attempt, timeouts });
  const asked = earlier.findLast((call) => call.request !== undefined)?.request;
  const failed: FailedCall = {
    key: payment.key, type: classified.trouble === 'silence' ? 'LlmTimeout' : classified.type, message: message.slice(0, 500), temporalAttempt: attempt, latencyMs,
    requestId: requestIdOf(error), ...(isDeepStrictEqual(asked, request) ? {} : { request }),
  };
  await Promise.all([
    deps.records.append({ ...record, line: { key: `failed/${payment.key}/${randomUUID()}`, kind: 'failed', value: failed as unknown as Json }, unique: true }),
    // What refuses answers.
    deps.ledger.add(record.campaign, { contact: { endpoint: target.endpointName, ...(classified.retryable ? { failed: message.slice(0, 200) } : {}) } }),
  ]);
  const retryAfter = classified.retryAfterMs === undefined ? {} : { retryAfterMs: classified.retryAfterMs };
  return isOverload(classified, error) ? { kind: 'overloaded', error: thrown, ...retryAfter } : { kind: 'failed', error: thrown, timedOut: failed.type === 'LlmTimeout' };
}

/** 429, and the two statuses by which servers say that they have too much to do; not an exhausted quota, which no waiting mends. */
function isOverload(classified: Classified, error: unknown): boolean {
  if (classified.type === 'LlmRateLimit') return true;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return classified.type === 'LlmServer' && (status === 503 || status === 529);
}

export function lookupOf(input: Omit<ModelCallInput, 'use' | 'request'>): SimulatorLookup {
  const { campaign } = input.context.manifest;
  return {
    seed: campaign.seed, purpose: input.ref.purpose, item: input.ref.item, stage: input.stage, turn: input.turn, step: input.step ?? 0,
    attempt: input.attempt ?? 1, try: input.tryNumber ?? 1, ...(input.target === undefined ? {} : { target: input.target }),
    spec: input.specHash, ablation: campaign.ablation, faults: campaign.simulator.faults, latencyMs: campaign.simulator.latencyMs,
  };
}

/** Requests that left count as attempts, whatever came of them; tokens are those of the accepted reply. What another campaign paid for costs nothing. */
export function spendOf(call: StoredCall, lines: readonly RecordLine[], key: string): Spend {
  if (call.reusedFrom !== undefined) return { ...NO_SPEND, reused: 1 };
  return {
    accepted: 1,
    attempts: lines.filter((line) => line.kind === 'sent' && line.key.startsWith(`sent/${key}/`)).length,
    inputTokens: call.usage.inputTokens,
    outputTokens: call.usage.outputTokens,
    costMicroUsd: call.costMicroUsd,
    ...(isReadable(call.stage, call.reply) ? {} : { malformed: { [call.model]: 1 } }),
  };
}

/** What all requests in a record, or in some of its lines, have cost. */
export function recordedSpend(lines: readonly RecordLine[]): Spend {
  const calls = lines.flatMap((line) => (line.kind === 'call' ? [line.value as unknown as StoredCall] : []));
  const paid = calls.reduce((sum, call) => addSpend(sum, spendOf(call, [], call.key)), NO_SPEND);
  return { ...paid, attempts: lines.filter((line) => line.kind === 'sent').length };
}
