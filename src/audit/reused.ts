import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordLine } from '../activities/deps';
import type { StoredCall } from '../activities/model-call';
import { parseRecord } from '../clients/record-store';
import { jsonEqual, type Json } from '../core/json';
import { firstDifference } from './difference';
import { CURE, cut, type Finding } from './finding';

export interface ReusedAudit {
  findings: Finding[];
  /** Campaigns whose folder is not in this home, one entry per reply that is said to lie there. */
  notFollowed: string[];
}

/** What a campaign takes over of another's reply; the rest of the line says where it stands here. */
function taken({ value }: RecordLine): Json {
  const { key: _key, stage: _stage, endpoint: _endpoint, costMicroUsd: _cost, reusedFrom: _from, ...reply } = value as unknown as StoredCall;
  return reply as unknown as Json;
}

/** Follows every reply that another campaign paid for to the line that it came from: it is there, was paid for there, and says the same. */
export async function auditReused({ home, lines, file, at }: { home: string; lines: readonly RecordLine[]; file: string; at: (key: string) => string }): Promise<ReusedAudit> {
  const audit: ReusedAudit = { findings: [], notFollowed: [] };
  const known = new Map<string, Promise<RecordLine[]>>();
  const callsOf = (folder: string, record: string): Promise<RecordLine[]> => {
    const calls = known.get(`${folder}/${record}`) ?? readCalls(folder, record);
    known.set(`${folder}/${record}`, calls);
    return calls;
  };
  for (const line of lines) {
    const { reusedFrom } = line.value as unknown as StoredCall;
    if (line.kind !== 'call' || reusedFrom === undefined) continue;
    const tell = (expected: string, got: string): void => void audit.findings.push({ file, at: at(line.key), expected, got, cure: CURE.reused });
    const [, campaign = '', record = '', key = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]*)\/([tp]-\d{5,})\/(call\/.+)$/.exec(reusedFrom) ?? [];
    const folder = join(home, 'campaigns', campaign);
    if (campaign === '') tell('a reference of campaign, item and call', cut(reusedFrom));
    else if (!existsSync(folder)) audit.notFollowed.push(campaign);
    else {
      const paid = (await callsOf(folder, record)).filter((other) => other.key === key && (other.value as unknown as StoredCall).reusedFrom === undefined);
      const first = paid[0];
      if (!first) tell(`a reply that was paid for as ${cut(reusedFrom)}`, 'no such line there');
      else if (!paid.some((other) => jsonEqual(taken(other), taken(line)))) {
        const place = firstDifference(taken(first), taken(line));
        tell(`${place?.pointer ?? ''} = ${cut(place?.expected)}, as ${cut(reusedFrom)} has it`, cut(place?.got));
      }
    }
  }
  return audit;
}

/** Of a record and of those that were kept aside when its item was tried again: a reply may have been taken over before. */
async function readCalls(folder: string, record: string): Promise<RecordLine[]> {
  const records = join(folder, 'records');
  const names = existsSync(records) ? (await readdir(records)).filter((name) => name.startsWith(`${record}.`) && name.endsWith('.jsonl')) : [];
  const texts = await Promise.all(names.map((name) => readFile(join(records, name), 'utf8')));
  return texts.flatMap(parseRecord).filter((line) => line.kind === 'call');
}
