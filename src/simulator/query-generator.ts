import type { Json } from '../core/json';
import type { Rng } from '../core/random';
import { planWriter, writerFault } from './fault-plan';
import { clauseFor, listed, type ValueLine } from './phrases';
import { findBlock, jsonLines, missingBlock, needBlock, rngOf, textLines, type SimReply, type SimRequest } from './request';

/** The Query Generator: a message that states every value of <values> and asks for every line of <asked_outputs>; after <rejected> in the plainest words. */
export function writeQuery(request: SimRequest): SimReply {
  const { lookup } = request;
  const values = jsonLines(needBlock(request, 'values')) as unknown as ValueLine[];
  const asked = textLines(needBlock(request, 'asked_outputs'));
  const advanced = lookup.ablation.advancedTool === 'on' ? needBlock(request, 'advanced_tool') : '';
  const steps = lookup.ablation.query === 'easy' || lookup.ablation.advancedTool === 'off' ? needBlock(request, 'steps') : undefined;
  if (lookup.turn > 0) needBlock(request, 'conversation');
  const rejected = findBlock(request, 'rejected');
  if (lookup.attempt > 1 && rejected === undefined) throw missingBlock(request, 'rejected');
  const fault = writerFault(planWriter(lookup), rejected);
  if (fault === 'malformed') return { content: 'Sure! The user would probably just ask for it nicely.' };
  const plain = rejected !== undefined;
  const query = lookup.ablation.query === 'easy' ? easyQuery({ values, asked, steps: steps ?? '', rng: rngOf(lookup, 'query') }) : hardQuery({ values, asked, goal: goalIn(advanced), later: lookup.turn > 0, plain, rng: rngOf(lookup, 'query') });
  return { content: JSON.stringify({ query: fault === 'flawed' ? flawed(query, values) : query }) };
}

interface Wish {
  values: readonly ValueLine[];
  asked: readonly string[];
  rng: Rng;
}

const FIRST = ['Hello, could you sort something out for me?', 'Hi there, I could use a hand.', 'Good morning, I have a request.', 'I need your help with something.', 'Could you please take care of this for me?', 'Quick one from me.'];
const LATER = ['Thanks, one more thing.', 'Great. There is something else.', 'Good, now another matter.', 'Perfect, and I have a further wish.'];

/** A wish in one message; in `plain` words the clauses keep to names and values. */
function hardQuery(wish: Wish & { goal: string | undefined; later: boolean; plain: boolean }): string {
  const clauses = distinct(wish.values.map((line) => clauseFor(line, wish.plain, wish.rng)));
  const opening = wish.plain ? 'Please take care of this.' : wish.rng.pick(wish.later ? LATER : FIRST);
  const goal = wish.plain || wish.goal === undefined ? '' : wish.rng.pick([`I would like to ${wish.goal}.`, `I want to ${wish.goal}.`, `I need to ${wish.goal}.`]);
  return [opening, goal, ...sentences(wish.plain ? clauses : grouped(clauses), wish.rng), question(wish)].filter((part) => part !== '').join(' ');
}

/** The wish in a description of our own Tool Maker; another model's description has none that can be quoted. */
const goalIn = (advanced: string): string | undefined => /\buser (?:who )?wants to ([^,."]+)/.exec(advanced)?.[1];

/** "From A" and "to B" belong into one clause. */
function grouped(clauses: readonly string[]): string[] {
  const from = clauses.filter((clause) => clause.startsWith('from '));
  const to = clauses.filter((clause) => clause.startsWith('to '));
  if (from.length !== 1 || to.length !== 1) return [...clauses];
  return [`it is ${from[0]} ${to[0]}`, ...clauses.filter((clause) => clause !== from[0] && clause !== to[0])];
}

/** Up to three clauses to a sentence. */
function sentences(clauses: readonly string[], rng: Rng): string[] {
  const made: string[] = [];
  for (let at = 0; at < clauses.length;) {
    const part = clauses.slice(at, at + rng.int(1, 3));
    made.push(`${capital(part.join(', '))}.`);
    at += part.length;
  }
  return made;
}

function question(wish: Wish & { plain?: boolean }): string {
  if (wish.asked.length === 0) return wish.plain ? '' : wish.rng.pick(['Please see to it.', 'That would help me a lot.', 'Thank you!']);
  const what = listed([...new Set(wish.asked.map((label) => wishFor(label.replace(/\([^)]*\)/g, ' ').replace(/\s+/g, ' ').trim(), wish.plain === true)))]);
  return wish.plain ? `Please tell me ${what}.` : wish.rng.pick([`Could you tell me ${what}?`, `I would also like to know ${what}.`, `What I want to hear from you is ${what}.`, `Let me know ${what}, please.`]);
}

/** `office opens` → when the office opens; `available of the one whose …` → whether the one whose … is available. */
function wishFor(label: string, plain: boolean): string {
  if (plain) return `the ${label}`;
  const [, what = label, which] = /^(.*?) of (the one whose .*)$/s.exec(label) ?? [];
  const when = /^(?:(.*) )?(opens|closes|departs|arrives|leaves|starts|ends)$/.exec(what);
  if (when) return `when ${which ?? (when[1] ? `the ${when[1]}` : 'it')} ${when[2] as string}`;
  return /^[a-z]+(?:able|ible)$|^(?:found|confirmed|included|paid)$/.test(what) ? `whether ${which ?? 'it'} is ${what}` : `the ${label}`;
}

/** The paper's easy query: the steps are spelled out, in order. */
function easyQuery(wish: Wish & { steps: string }): string {
  const purposes = wish.steps.split('\n').flatMap((line) => /^\d+\. \(c\d+\) ([^[]*)/.exec(line)?.[1]?.trim().replace(/\.$/, '') ?? []);
  const told = sentences(distinct(wish.values.map((line) => clauseFor(line, false, wish.rng))), wish.rng);
  const whole = [`Please do this in order: ${purposes.join('; then ')}.`, ...told, question(wish)].join(' ');
  const words = whole.split(/\s+/).length;
  return words <= 110 ? whole : [`Please do this in ${purposes.length} steps.`, ...told, question(wish)].join(' ');
}

/** Forgets a value, or speaks of a program when there is none to forget. */
function flawed(query: string, values: readonly ValueLine[]): string {
  const forgotten = values.find((line): line is ValueLine & { value: string } => typeof line.value === 'string' && query.includes(line.value));
  return forgotten ? query.replaceAll(forgotten.value, 'the usual') : `${query} Use the right tool for it.`;
}

const capital = (text: string): string => (text === '' || !/^(?:the|there|my|it|as|yes|no|from|to|i) /.test(text) ? text : (text[0] as string).toUpperCase() + text.slice(1));
const distinct = <T extends Json>(items: readonly T[]): T[] => [...new Set(items)];
