import { faker } from '@faker-js/faker/locale/en';
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../../core/json';
import { hash32 } from '../../../core/random';
import { resolveSchema, typeOfSchema } from '../../../core/schema';
import { snake } from '../naming';

// Dates never come from the machine's clock.
const TODAY = '2031-05-12T00:00:00.000Z';
const DEPTH = 3;

/** What a value is for: names decide which kind of text it becomes. */
export interface Purpose {
  /** The same meaning gives the same value. */
  meaning: string;
  /** The thing it belongs to, `customer`. */
  thing: string;
  /** Also properties that are not required; default true. */
  optional?: boolean;
}

/** A plausible value that fits a schema, decided by `meaning` alone; `name` is the property's. */
export function sampleValue(schema: JsonSchema, name: string, purpose: Purpose): Json {
  faker.seed(hash32(purpose.meaning));
  faker.setDefaultRefDate(TODAY);
  return draw(schema, name, purpose, 0);
}

function draw(given: JsonSchema, name: string, purpose: Purpose, depth: number): Json {
  const schema = resolveSchema(given);
  if (schema.const !== undefined) return schema.const;
  const members = Array.isArray(schema.enum) ? schema.enum.filter((member) => member !== null) : [];
  if (members.length > 0) return faker.helpers.arrayElement(members);
  switch (typeOfSchema(schema)) {
    case 'object': return drawObject(schema, name, purpose, depth);
    case 'array': return drawArray(schema, name, purpose, depth);
    case 'boolean': return faker.datatype.boolean();
    case 'integer': return drawNumber(schema, name, true);
    case 'number': return drawNumber(schema, name, false);
    case 'null': return null;
    default: return drawText(schema, name, purpose);
  }
}

function drawObject(schema: JsonSchema, name: string, purpose: Purpose, depth: number): Json {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const kept = properties.filter(([key]) => required.includes(key) || (purpose.optional !== false && depth < DEPTH - 1));
  const thing = depth === 0 ? purpose.thing : snake(name);
  return Object.fromEntries(kept.map(([key, value]): [string, Json] => [key, isObject(value) ? draw(value, key, { ...purpose, thing }, depth + 1) : null]));
}

function drawArray(schema: JsonSchema, name: string, purpose: Purpose, depth: number): Json {
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  if (depth >= DEPTH && least === 0) return [];
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : Infinity;
  const count = Math.min(most, Math.max(least, isObject(schema.items) && Object.keys(schema.items).length > 0 ? faker.number.int({ min: 1, max: 2 }) : 0));
  const items: Json[] = [];
  for (let at = 0, tries = 0; at < count && tries < count * 8; tries++) {
    const item = draw(isObject(schema.items) ? schema.items : {}, name.replace(/s$/, ''), purpose, depth + 1);
    if (schema.uniqueItems === true && items.some((other) => JSON.stringify(other) === JSON.stringify(item))) continue;
    items.push(item);
    at++;
  }
  return items;
}

function drawNumber(schema: JsonSchema, name: string, whole: boolean): number {
  const [low, high, decimals] = numberRange(name, whole);
  const bound = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined);
  const step = whole ? 1 : 0.01;
  const least = Math.max(bound('minimum') ?? -Infinity, (bound('exclusiveMinimum') ?? -Infinity) + step);
  const most = Math.min(bound('maximum') ?? Infinity, (bound('exclusiveMaximum') ?? Infinity) - step);
  const min = Math.max(least, Math.min(low, most));
  const max = Math.max(min, Math.min(most, Math.max(high, least + high - low)));
  const value = whole ? faker.number.int({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(max)) }) : Number(faker.number.float({ min, max }).toFixed(decimals));
  const multiple = bound('multipleOf');
  return multiple !== undefined && multiple > 0 ? Math.ceil(value / multiple) * multiple : value;
}

function numberRange(name: string, whole: boolean): [number, number, number] {
  const words = snake(name);
  if (/(^|_)lat(itude)?$/.test(words)) return [-60, 70, 4];
  if (/(^|_)(lon|lng|long)(gitude)?$/.test(words)) return [-170, 170, 4];
  if (/year/.test(words)) return [2027, 2034, 0];
  if (/percent|rate|ratio|score/.test(words)) return [1, 95, 1];
  if (/price|amount|total|cost|balance|fee|salary|budget|value/.test(words)) return whole ? [1200, 98_000, 0] : [12, 980, 2];
  if (/time|(^|_)(at|ts)$|date|created|updated|expire/.test(words)) return [1_935_000_000, 1_936_900_000, 0];
  if (/(^|_)id$/.test(words)) return [100_000, 999_999, 0];
  if (/size|bytes|length/.test(words)) return [1024, 90_000, 0];
  return whole ? [2, 60, 0] : [2, 60, 1];
}

function drawText(schema: JsonSchema, name: string, purpose: Purpose): string {
  const byFormat = typeof schema.format === 'string' ? formatted(schema.format) : undefined;
  if (byFormat !== undefined) return byFormat;
  if (typeof schema.pattern === 'string') return patterned(schema.pattern) ?? fitted(wordsFor(name, purpose.thing), schema);
  return fitted(wordsFor(name, purpose.thing), schema);
}

function formatted(format: string): string | undefined {
  switch (format) {
    case 'date': return faker.date.soon({ days: 60 }).toISOString().slice(0, 10);
    case 'date-time': return `${faker.date.recent({ days: 60 }).toISOString().slice(0, 19)}Z`;
    case 'time': return `${String(faker.number.int({ min: 8, max: 18 })).padStart(2, '0')}:30:00Z`;
    case 'email': return email();
    case 'uri': return `https://${faker.word.noun()}-${faker.word.noun()}.example/${faker.word.adjective()}`.replace(/\s/g, '-');
    case 'uuid': return faker.string.uuid();
    case 'ipv4': return `10.${faker.number.int(250)}.${faker.number.int(250)}.${faker.number.int({ min: 2, max: 250 })}`;
    case 'ipv6': return faker.internet.ipv6();
    case 'hostname': return `${faker.word.noun()}.example`.replace(/\s/g, '-');
    default: return undefined;
  }
}

const email = (): string => `${faker.person.firstName()}.${faker.person.lastName()}@${faker.word.noun()}.example`.toLowerCase().replace(/[^a-z.@-]/g, '');

/** A text for a regular expression, checked; Faker knows a part of the language only. */
function patterned(pattern: string): string | undefined {
  try {
    const whole = new RegExp(pattern, 'u');
    const text = faker.helpers.fromRegExp(pattern.replace(/^\^|\$$/g, '').replace(/\\d/g, '[0-9]').replace(/\\w/g, '[a-z0-9]').replace(/\(\?:/g, '('));
    return whole.test(text) ? text : ['main', 'Amber-7', 'amber7', '240117', 'AB', 'ab'].find((candidate) => whole.test(candidate));
  } catch {
    return undefined;
  }
}

const title = (text: string): string => text.replace(/(^|[\s-])([a-z])/g, (_all, gap: string, letter: string) => gap + letter.toUpperCase());
const PEOPLE = /(^|_)(user|customer|contact|person|member|employee|author|patient|student|teacher|owner|player|guest|candidate|applicant|agent|subscriber|recipient)$/;

/** The first kind whose name is in the property's; the order settles names with several words. */
const KINDS: readonly [RegExp, (thing: string) => string][] = [
  [/e_?mail/, email],
  [/(first|given)_?name/, () => faker.person.firstName()],
  [/(last|family|sur)_?name/, () => faker.person.lastName()],
  [/(user_?name|login|handle|slug|alias|key)$/, () => `${faker.word.adjective()}-${faker.word.noun()}`],
  [/(full|contact|owner|author|display)_?name|author|assignee|reporter|contact$/, () => faker.person.fullName()],
  [/phone|mobile|fax/, () => `+44 20 7946 0${faker.string.numeric(3)}`],
  [/(^|_)(street|address(_?line)?_?\d?)/, () => faker.location.streetAddress()],
  [/city|town/, () => faker.location.city()],
  [/country_?code/, () => faker.location.countryCode()],
  [/country/, () => faker.location.country()],
  [/(^|_)(state|province|region)($|_name)/, () => faker.location.state()],
  [/zip|postal|postcode/, () => faker.location.zipCode()],
  [/time_?zone/, () => 'Europe/Lisbon'],
  [/currency/, () => faker.finance.currencyCode()],
  [/locale|language|lang$/, () => faker.helpers.arrayElement(['en', 'pt', 'fi', 'ja', 'sw'])],
  [/colou?r/, () => faker.color.human()],
  [/url|uri|link|href|website|image|avatar|logo|photo/, () => formatted('uri') as string],
  [/host|domain/, () => `${faker.word.noun()}.example`],
  [/(^|_)ip(_|$)/, () => formatted('ipv4') as string],
  [/version/, () => faker.system.semver()],
  [/company|organi[sz]ation|employer|vendor|supplier|brand/, () => faker.company.name()],
  [/(file|path|folder|directory)(_?name)?$/, () => `${faker.word.noun()}-${faker.word.noun()}.txt`],
  [/date$|_on$|^day$|birthday/, () => formatted('date') as string],
  [/_at$|time(stamp)?$|created|updated|modified|expires|date/, () => formatted('date-time') as string],
  [/price|amount|total|cost|balance/, () => faker.finance.amount({ min: 12, max: 980 })],
  [/(^|_)(id|uid|guid|uuid|sid|token|hash|code|sku|number|ref|reference|serial|etag|cursor)$/, () => faker.string.alphanumeric({ length: 8, casing: 'upper' })],
  [/description|summary|note|comment|message|body|content|text|reason|details|about|bio|question|answer/, () => `${faker.company.catchPhrase()} for the ${faker.word.adjective()} ${faker.word.noun()}`],
  [/name|title|label|subject|headline/, (thing) => (PEOPLE.test(thing) ? faker.person.fullName() : title(`${faker.word.adjective()} ${faker.word.noun()}`))],
  [/type|kind|category|group|tag|genre|status|state|role/, () => faker.word.adjective()],
];

function wordsFor(name: string, thing: string): string {
  const words = snake(name);
  const kind = KINDS.find(([pattern]) => pattern.test(words));
  return kind === undefined ? `${faker.word.adjective()} ${faker.word.noun()}` : kind[1](thing);
}

function fitted(text: string, schema: JsonSchema): string {
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 240;
  const long = text.length < least ? text + faker.string.alphanumeric({ length: Math.min(least - text.length, 2000), casing: 'lower' }) : text;
  return long.slice(0, most).trim().padEnd(Math.min(least, most), 'x');
}

/** An id that cannot be guessed, in the form its schema asks for. */
export function sampleId(schema: JsonSchema, meaning: string): string | number {
  faker.seed(hash32(meaning));
  const type = typeOfSchema(resolveSchema(schema));
  if (type === 'integer' || type === 'number') return drawSmallId(schema) ?? drawNumber({ ...(schema as JsonObject), multipleOf: 1 }, 'id', true);
  if (schema.format === 'uuid') return faker.string.uuid();
  if (typeof schema.pattern === 'string') return patterned(schema.pattern) ?? faker.string.alphanumeric(10);
  const most = typeof schema.maxLength === 'number' ? schema.maxLength : 10;
  const least = typeof schema.minLength === 'number' ? schema.minLength : 0;
  return faker.string.fromCharacters('23456789bcdfghjkmnpqrstvwxz', Math.max(Math.min(10, most), Math.min(least, 64)));
}

/** Where the usual ids are too large for the schema: any of its range, since the largest alone would be one id for all. */
function drawSmallId(schema: JsonSchema): number | undefined {
  const bound = (key: string): number | undefined => (typeof schema[key] === 'number' ? schema[key] : undefined);
  const max = Math.floor(Math.min(bound('maximum') ?? Infinity, (bound('exclusiveMaximum') ?? Infinity) - 1));
  if (max > numberRange('id', true)[0]) return undefined;
  const least = Math.ceil(Math.max(bound('minimum') ?? -Infinity, (bound('exclusiveMinimum') ?? -Infinity) + 1));
  return faker.number.int({ min: Math.min(Number.isFinite(least) ? least : 1, max), max });
}
