import type { ItemRef } from '../core/campaign/refs';
import type { Manifest } from '../core/campaign/manifest';
import { recordName } from '../core/campaign/refs';
import { jsonEqual, type Json } from '../core/json';
import { MANIFEST_FILE, type CampaignContext } from './context';
import type { Deps, ModelTarget, RecordLine } from './deps';
import type { StoredCall } from './model-call';

/** One call as it would be looked for: the question, and which of several equal questions it is. */
interface Wanted {
  ref: ItemRef;
  target: ModelTarget;
  key: string;
  requestHash: string;
}

/** A reply that another campaign paid for, and where it lies. */
export interface ReusableCall {
  call: StoredCall;
  /** `campaign/record/line key` of the line that was paid for, also through several campaigns. */
  from: string;
}

/**
 * The stored reply to an equal request among the campaigns that `reuse` names: same request hash (model, sampling,
 * messages, tools), same sample number, same address and extra body. Asked in the file's order, the same item first, so
 * that equal requests of two items keep two replies; `undefined` when nothing fits.
 */
export async function reusableCall(deps: Deps, context: CampaignContext, wanted: Wanted): Promise<ReusableCall | undefined> {
  const campaigns = context.manifest.campaign.reuse ?? [];
  if (campaigns.length === 0) return undefined;
  for (const campaign of campaigns) {
    const found = await fromRecord(deps, { campaign, record: recordName(wanted.ref) }, wanted);
    if (found) return found;
  }
  for (const campaign of campaigns) {
    const record = (await indexOf(deps, campaign)).get(sampleId(wanted));
    const found = record === undefined ? undefined : await fromRecord(deps, { campaign, record }, wanted);
    if (found) return found;
  }
  return undefined;
}

/** Attempt, try and target of a call's key: two equal requests with equal numbers are the same sample. */
export function sampleOf(key: string): string {
  const parts = key.split('/');
  const target = /^m\d+$/.test(parts[1] ?? '') ? `/${parts[1]}` : '';
  return `${parts.slice(-2).join('/')}${target}`;
}

const sampleId = (call: { key: string; requestHash: string }): string => `${call.requestHash}/${sampleOf(call.key)}`;

async function fromRecord(deps: Deps, place: { campaign: string; record: string }, wanted: Wanted): Promise<ReusableCall | undefined> {
  const fits = storedCalls(await deps.records.read(place.campaign, place.record)).filter(({ call }) => sampleId(call) === sampleId(wanted));
  const found = fits.find(({ call }) => call.key === wanted.key) ?? fits[0];
  if (!found || !(await isServedAlike(deps, place.campaign, found.call, wanted.target))) return undefined;
  return { call: found.call, from: found.call.reusedFrom ?? `${place.campaign}/${place.record}/${found.lineKey}` };
}

const storedCalls = (lines: readonly RecordLine[]): { lineKey: string; call: StoredCall }[] =>
  lines.flatMap((line) => (line.kind === 'call' ? [{ lineKey: line.key, call: line.value as unknown as StoredCall }] : []));

/** The hash does not cover where a request went and what the endpoint's own settings added to it. */
async function isServedAlike(deps: Deps, campaign: string, call: StoredCall, target: ModelTarget): Promise<boolean> {
  if (call.endpoint === 'simulator' || target.simulated) return call.endpoint === 'simulator' && target.simulated;
  const text = await deps.records.readArtifact(campaign, MANIFEST_FILE);
  const endpoint = text === undefined ? undefined : (JSON.parse(text) as Manifest).campaign.models.endpoints[call.endpoint];
  return endpoint !== undefined && endpoint.baseURL === target.endpoint.baseURL && jsonEqual(endpoint.extraBody as Json, target.endpoint.extraBody as Json);
}

/** Record of every stored call by request and sample; names only, so that a large campaign fits in memory. */
type Index = ReadonlyMap<string, string>;

/** Read once per worker: of a campaign that still runs, what it had paid for by then. */
const indexes = new WeakMap<Deps, Map<string, Promise<Index>>>();

function indexOf(deps: Deps, campaign: string): Promise<Index> {
  const known = indexes.get(deps) ?? new Map<string, Promise<Index>>();
  indexes.set(deps, known);
  const index = known.get(campaign) ?? buildIndex(deps, campaign);
  known.set(campaign, index);
  index.catch(() => known.delete(campaign));
  return index;
}

async function buildIndex(deps: Deps, campaign: string): Promise<Index> {
  const index = new Map<string, string>();
  for (const record of await deps.records.listRecords(campaign)) {
    for (const { call } of storedCalls(await deps.records.read(campaign, record))) {
      if (!index.has(sampleId(call))) index.set(sampleId(call), record);
    }
  }
  return index;
}
