import { z } from 'zod';
import { createRng, type Rng } from '../../core/random';
import type { KnownFact } from '../../core/tool';
import { daysBetween } from './calendar';
import { copyOf, must, type DomainState, type Need } from './domain';

/** Fields and needs that many domains share: with them a tool stays a few lines long. */

// ---- fields ----

/** An amount of money as tools show it; states keep whole cents. */
export const money = (description: string, currency = 'euros'): z.ZodNumber => z.number().min(0).describe(`${description}, in ${currency}`);

/** Cents of the state as an amount of a tool. */
export const fromCents = (cents: number): number => Math.round(cents) / 100;

/** An amount of a tool as whole cents. */
export const toCents = (amount: number): number => Math.round(amount * 100);

/** A time of day, `09:30`. */
export const clock = (description: string): z.ZodString => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time as HH:MM').describe(`${description}, local time as HH:MM`);

/** A calendar day that a tool tells and no other tool waits for. It has no tag: the days of arguments are the user's to state. */
export const dayShown = (description: string): z.ZodISODate => z.iso.date().describe(`${description}, as YYYY-MM-DD`);

/** A sentence or name that the user supplies and no tool looks up. */
export const text = (description: string): z.ZodString => z.string().min(1).max(400).describe(description);

// ---- needs ----

/** Somebody has signed in: for states with `session.signedIn`. */
export const signedIn = <S extends DomainState & { session: { signedIn: boolean } }>(): Need<S, unknown> =>
  must('precondition', (state) => state.session.signedIn, () => 'Nobody is signed in. Sign in first.');

/**
 * What the arguments name is in one of the `allowed` statuses. `order` lists the statuses as they follow each other:
 * one that comes before every allowed one lacks a step (`precondition`), any other is too late (`conflict`).
 */
export function inStatus<S, A, T extends string>(given: {
  kind: string;
  id: (args: A, state: S) => string;
  status: (state: S, args: A) => T;
  order: readonly T[];
  allowed: readonly T[];
}): Need<S, A> {
  const earliest = Math.min(...given.allowed.map((status) => given.order.indexOf(status)));
  return (state, args) => {
    const status = given.status(state, args);
    if (given.allowed.includes(status)) return undefined;
    const message = `${given.kind} \`${given.id(args, state)}\` is ${spoken(status)}; this needs one that is ${given.allowed.map(spoken).join(' or ')}.`;
    return { fault: given.order.indexOf(status) < earliest ? 'precondition' : 'conflict', message };
  };
}

const spoken = (status: string): string => status.replaceAll('_', ' ');

/** There is at least as much as it takes; amounts are in one unit, which `unit` names (`points`, `euros`). */
export const enough = <S, A>(what: string, unit: string, has: (state: S, args: A) => number, takes: (args: A, state: S) => number): Need<S, A> =>
  must('precondition', (state, args) => has(state, args) >= takes(args, state), (args, state) => `This takes ${takes(args, state)} ${unit}; ${what} has ${has(state, args)}.`);

/** A day is not before `today`, and at most `ahead` days after it. */
export const notPast = <S extends DomainState & { today: string }, A>(date: (args: A) => string, ahead = 366): Need<S, A> =>
  must(
    'precondition',
    (state, args) => daysBetween(state.today, date(args)) >= 0 && daysBetween(state.today, date(args)) <= ahead,
    (args, state) => `${date(args)} is not within ${ahead} days from today, ${state.today}.`,
  );

/** One day is not before another. */
export const inOrder = <S, A>(first: (args: A) => string, last: (args: A) => string): Need<S, A> =>
  must('invalid_args', (_state, args) => first(args) <= last(args), (args) => `${first(args)} is after ${last(args)}.`);

// ---- tables ----

/**
 * The row that a need has already asked for; a missing one is a bug in a tool's list of needs. Of a table that is being
 * written it takes the row: from now on it is the draft's own, whoever asks, and what was read before is not it.
 */
export function rowOf<R>(table: { [id: string]: Readonly<R> }, id: string): R {
  const row = table[id];
  if (row === undefined) throw new Error(`Expected a need to have asked for \`${id}\``);
  if (Object.isFrozen(row) && !Object.isFrozen(table)) return (table[id] = copyOf(row) as R);
  return row as R;
}

/** The rows of a table with their ids, those that are wanted, in the order of their ids. */
export function rowsOf<R>(table: { [id: string]: R }, wanted: (row: R, id: string) => boolean = () => true): [string, R][] {
  return inOrderOfIds(table).filter(([id, row]) => wanted(row, id));
}

/** The id of the row that is wanted, `undefined` when there is none. */
export const findId = <R>(table: { [id: string]: R }, wanted: (row: R) => boolean): string | undefined => inOrderOfIds(table).find(([, row]) => wanted(row))?.[0];

// A frozen table stays as it is, and most calls leave most tables frozen: they are put in order once.
const ordered = new WeakMap<object, readonly [string, unknown][]>();

function inOrderOfIds<R>(table: { [id: string]: R }): readonly [string, R][] {
  const known = ordered.get(table) as readonly [string, R][] | undefined;
  if (known) return known;
  const rows = Object.keys(table).sort().map((id): [string, R] => [id, table[id] as R]);
  if (Object.isFrozen(table)) ordered.set(table, rows);
  return rows;
}

/** Equal but for case and spaces around: as a person means a name. */
export const sameName = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/** A copy in the order of a text: of dates, times, names. */
export const sortedBy = <T>(items: readonly T[], text: (item: T) => string): T[] =>
  items.map((item) => ({ item, by: text(item) })).sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0)).map(({ item }) => item);

/** What the rows come to: cents, hours, points. */
export const sumOf = <R>(rows: readonly R[], amount: (row: R) => number): number => rows.reduce((sum, row) => sum + amount(row), 0);

export const sum = (numbers: readonly number[]): number => sumOf(numbers, (one) => one);

/** No key stands there twice. */
export const unique = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

// ---- what is hidden, and what can be stated ----

/** Draws for a value that is told and not stored: the same topic gives the same draws, in every seed others. */
export const derived = ({ salt }: DomainState, topic: string): Rng => createRng(`${salt}/${topic}`);

/** A fact that a user could state; `entity` is the kind of argument that it fills. */
export const fact = (name: string, value: string | undefined, about: string, entity: string): KnownFact => ({ name, value: value as string, about, entity });
