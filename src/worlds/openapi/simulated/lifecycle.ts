import { isObject, type JsonSchema } from '../../../core/json';
import { resolveSchema } from '../../../core/schema';
import { snake } from '../naming';

/** What the words of a status say about where in a life it stands; texts that are in none are not ordered. */
const STAGES: readonly RegExp[] = [
  /^(draft|new|created|requested|proposed|planned|todo|to_do|backlog|unstarted|uploading)$/,
  /^(pending|queued|scheduled|submitted|waiting|awaiting.*|open|received|invited|ready|unpaid|unread|upcoming|reserved|placed)$/,
  /^(approved|accepted|confirmed|authori[sz]ed|assigned|sent|issued|published|acknowledged)$/,
  /^(active|started|running|in_progress|processing|in_transit|live|ongoing|enabled|delivering|shipped|partially_.*|building|syncing)$/,
  /^(paused|on_hold|suspended|blocked|past_due|overdue)$/,
  /^(completed?|done|finished|delivered|paid|closed|resolved|succeeded|success|settled|captured|fulfilled|shipped|merged|won|failed|error|errored|rejected|declined|denied|lost|expired|timed_out)$/,
  /^(archived|cancell?ed|deleted|void|voided|refunded|terminated|removed|revoked|inactive|disabled|aborted|withdrawn|abandoned)$/,
];
// Pausing and going on again is no step forward.
const RESUMABLE = 4;

/** The property that carries the status, `undefined` when there is none with several values. */
export function statusProperty(entity: JsonSchema): string | undefined {
  const properties = isObject(entity.properties) ? entity.properties : {};
  return Object.keys(properties).find((name) => /(^|_)(status|state|phase|stage)$/.test(snake(name)) && membersOf(properties[name] as JsonSchema).length > 1);
}

/** The texts an enumeration allows. */
export function membersOf(schema: JsonSchema): string[] {
  const { enum: members } = resolveSchema(schema);
  return Array.isArray(members) ? members.filter((member): member is string => typeof member === 'string' && member !== '') : [];
}

/**
 * Ranks of statuses when every word of theirs speaks of a stage of a life and there are three or more: from one to a
 * lower rank there is no way. `undefined` when the words do not tell, and then any change is allowed.
 */
export function ranksOf(members: readonly string[]): { [value: string]: number } | undefined {
  const ranks = members.map((member) => STAGES.findIndex((stage) => stage.test(snake(member))));
  if (members.length < 3 || ranks.includes(-1) || new Set(ranks).size < 2) return undefined;
  return Object.fromEntries(members.map((member, at) => [member, ranks[at] === RESUMABLE ? RESUMABLE - 1 : (ranks[at] as number)]));
}

const WORDS: { readonly [verb: string]: RegExp } = {
  cancel: /^cancell?ed$/, close: /^closed$/, complete: /^completed?$|^done$/, finish: /^finished$|^completed?$/, start: /^started$|^running$|^active$|^in_progress$/, stop: /^stopped$/,
  pause: /^paused$/, resume: /^active$|^running$/, archive: /^archived$/, approve: /^approved$/, reject: /^rejected$/, publish: /^published$|^live$/, unpublish: /^draft$|^unpublished$/, activate: /^active$|^enabled$/,
  deactivate: /^inactive$|^disabled$/, enable: /^enabled$|^active$/, disable: /^disabled$|^inactive$/, pay: /^paid$/, void: /^void(ed)?$/, send: /^sent$/, submit: /^submitted$|^pending$/, confirm: /^confirmed$/,
  accept: /^accepted$/, decline: /^declined$/, suspend: /^suspended$/, refund: /^refunded$/, capture: /^captured$/, resolve: /^resolved$/, reopen: /^open$|^active$/, reactivate: /^active$|^enabled$/, unarchive: /^active$|^open$/, restore: /^active$|^open$/, unsuspend: /^active$|^enabled$/, open: /^open$/, expire: /^expired$/, abort: /^aborted$/, finalize: /^open$|^finali[sz]ed$/,
};

const firstWord = (verb: string): string => snake(verb).replace(/^(mark|set)_(as_)?/, '').split('_')[0] ?? '';

/** The status that an operation such as `POST …/cancel` leads to. */
export function statusAfter(verb: string, members: readonly string[]): string | undefined {
  const word = firstWord(verb);
  const pattern = WORDS[word];
  return members.find((member) => pattern?.test(snake(member)) === true || snake(member) === word);
}

const BACK = /^(reopen|resume|activate|reactivate|enable|unarchive|restore|unsuspend|unpublish)$/;

/** Whether an operation such as `POST …/reopen` says by its name that it takes a step back: the only way there is. */
export const goesBack = (verb: string): boolean => BACK.test(firstWord(verb));
