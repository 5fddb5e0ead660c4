import { createHash } from 'node:crypto';
import { isObject, pointerTokens, type Json, type JsonObject } from '../../core/json';

/**
 * Lasting names for the random ids of one live server: the n-th id of a seed has the same name in every run, so that
 * replays agree. A name has the id's kind (UUID, text, number) and differs between seeds, as a real id would.
 */
export interface StableNames {
  /** A result with names for ids. Ids at `rebind` places get a new name at first sight. */
  name(value: Json): Json;
  /** Arguments with the ids that the names stand for. */
  resolve(args: JsonObject): JsonObject;
}

// Any id of this form, also in the middle of a text.
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/** A number below this may as well count something. */
const TELLING = 1_000_000;
/** Properties that hold an id by their name: `id`, `task_id`, `parentId`, `issueNumber`. */
const ID_NAME = /(^|[_-])(ids?|number|key|ref)$|(Ids?|ID|Number|Key|Ref)$/;

/** `rebind` holds wildcard pointers, and `uuid` for every UUID in any text. */
export function createStableNames(rebind: readonly string[], salt: string): StableNames {
  const nameOf = new Map<string | number, string | number>();
  const idOf = new Map<string | number, string | number>();
  const places = rebind.filter((entry) => entry !== 'uuid').map(pointerTokens);
  const everyUuid = rebind.includes('uuid');

  const learn = (id: string | number): void => {
    if (nameOf.has(id)) return;
    const name = nameLike(id, `${salt}/${nameOf.size}`);
    nameOf.set(id, name);
    idOf.set(name, id);
  };
  const learnAll = (value: Json): void => {
    for (const place of places) for (const id of valuesAt(value, place)) learn(id);
    if (everyUuid) eachString(value, (text) => text.match(UUID)?.forEach(learn));
  };
  return {
    name: (value) => {
      if (rebind.length === 0) return value;
      learnAll(value);
      const atPlaces = places.reduce((rest, place) => mapAt(rest, place, (id) => (typeof id === 'number' ? (nameOf.get(id) ?? id) : id)), value);
      return replaced(atPlaces, nameOf, (id, property) => id >= TELLING || ID_NAME.test(property));
    },
    // No name is a small number.
    resolve: (args) => (idOf.size === 0 ? args : (replaced(args, idOf, () => true) as JsonObject)),
  };
}

function nameLike(id: string | number, seed: string): string | number {
  const hex = createHash('sha256').update(seed).digest('hex');
  if (typeof id === 'number') return 100_000_000 + (Number.parseInt(hex.slice(0, 8), 16) % 900_000_000);
  if (new RegExp(UUID.source, 'i').test(id)) return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return BigInt(`0x${hex.slice(0, 24)}`).toString(36).slice(0, 12);
}

/** Whole values by equality, numbers where they are ids, and texts in which a longer id stands. */
function replaced(value: Json, map: ReadonlyMap<string | number, string | number>, isId: (value: number, property: string) => boolean): Json {
  const inTexts = [...map].flatMap(([from, to]) => (typeof from === 'string' && from.length >= 6 ? [[from, String(to)] as const] : []));
  return mapScalars(value, (scalar, property) => {
    const whole = typeof scalar === 'string' || (typeof scalar === 'number' && isId(scalar, property)) ? map.get(scalar) : undefined;
    if (whole !== undefined) return whole;
    return typeof scalar === 'string' ? inTexts.reduce((text, [from, to]) => text.replaceAll(from, to), scalar) : scalar;
  });
}

type Scalar = null | boolean | number | string;

/** `property`: the one that holds the scalar, or the list that it stands in; keys are mapped, too. */
function mapScalars(value: Json, map: (scalar: Scalar, property: string) => Scalar, property = ''): Json {
  if (Array.isArray(value)) return value.map((item) => mapScalars(item, map, property));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(map(key, '')), mapScalars(item, map, key)]));
  return map(value, property);
}

const eachString = (value: Json, visit: (text: string) => void): void => void mapScalars(value, (scalar) => {
  if (typeof scalar === 'string') visit(scalar);
  return scalar;
});

function valuesAt(value: Json, place: readonly string[]): (string | number)[] {
  const found: (string | number)[] = [];
  mapAt(value, place, (id) => {
    found.push(id);
    return id;
  });
  return found;
}

/** The value with every text or number that the wildcard path names mapped. */
function mapAt(value: Json, [token, ...rest]: readonly string[], map: (id: string | number) => string | number): Json {
  if (token === undefined) return typeof value === 'string' || typeof value === 'number' ? map(value) : value;
  if (Array.isArray(value)) return value.map((item, at) => (token === '*' || token === String(at) ? mapAt(item, rest, map) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, token === '*' || token === key ? mapAt(item, rest, map) : item]));
}
