import type { Method } from './operations';

const VERBS: { readonly [method in Method]: string } = { GET: 'get', POST: 'create', PUT: 'replace', PATCH: 'update', DELETE: 'delete' };

/** Words of any spelling, in snake case: `listPetsV2` → `list_pets_v2`. */
export const snake = (text: string): string =>
  text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toLowerCase();

// What providers allow; longer names are cut at a word.
const LONGEST = 56;

/** A tool's name from the operation id, or from method and path where there is none. Not unique yet. */
export function nameOf(operationId: string | undefined, method: Method, path: string): string {
  const own = operationId === undefined ? '' : snake(operationId.split('/').slice(-2).join('_'));
  const name = /^[a-z]/.test(own) && own.length > 2 ? own : fromPath(method, path);
  if (name.length <= LONGEST) return name;
  const head = name.slice(0, LONGEST);
  return head.slice(0, Math.max(head.lastIndexOf('_'), 20));
}

function fromPath(method: Method, path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const isItem = segments.at(-1)?.includes('{') === true;
  const words = segments.filter((segment) => !segment.includes('{') && !/^(api|v\d+(\.\d+)*)$/i.test(segment)).map(snake);
  const verb = method === 'GET' && !isItem ? 'list' : VERBS[method];
  const things = words.map((word, at) => (at < words.length - 1 || isItem || method === 'POST' ? singular(word) : word));
  return [verb, ...things].join('_').replace(/_+/g, '_');
}

/** The name itself, or with `_2`, `_3` … when it is taken; takes it. */
export function unique(name: string, taken: Set<string>): string {
  let result = name;
  for (let count = 2; taken.has(result); count++) result = `${name}_${count}`;
  taken.add(result);
  return result;
}

const IRREGULAR: { readonly [plural: string]: string } = { people: 'person', children: 'child', statuses: 'status', aliases: 'alias', addresses: 'address', news: 'news', series: 'series', analyses: 'analysis', data: 'data', media: 'media', indices: 'index' };

/** One thing of a collection's name: `line-items` → `line_item`. */
export function singular(plural: string): string {
  const words = snake(plural);
  const cut = words.lastIndexOf('_') + 1;
  const [head, last] = [words.slice(0, cut), words.slice(cut)];
  return head + (IRREGULAR[last] ?? singularWord(last));
}

function singularWord(word: string): string {
  if (/(ss|us|is)$/.test(word) || word.length < 4) return word;
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(x|ch|sh|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.replace(/s$/, '');
}
