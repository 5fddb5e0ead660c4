/** Text as queries are compared: typographic quotes, dashes and spaces in their plain forms. Lengths are kept except for runs of spaces. */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

export const foldText = (text: string): string => plainText(text).toLowerCase();

/** A stretch of a text: [start, end). */
export interface Span {
  start: number;
  end: number;
}

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** The text with the spans blanked out, so that what lies in them is not read twice. Positions stay. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  return spans.reduce((masked, span) => masked.slice(0, span.start) + '\u0000'.repeat(span.end - span.start) + masked.slice(span.end), text);
}

/**
 * Every place where `value` stands as a whole: `release/2.1` is neither in `release/2.10` nor in `release/2.1.4`,
 * but it is in `from release/2.1.` and in `release/2.1's head`. Both texts must be plain already.
 */
export function findWhole(text: string, value: string, options: { plural?: boolean } = {}): Span[] {
  const spans: Span[] = [];
  if (value === '') return spans;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const plural = options.plural ? (/^(?:es|s)(?![A-Za-z0-9_])/.exec(text.slice(at + value.length))?.[0].length ?? 0) : 0;
    const end = at + value.length + plural;
    if (startsToken(text, at) && endsToken(text, end)) spans.push({ start: at, end });
  }
  return spans;
}

const WORD = /[\p{L}\p{N}_]/u;
// Characters that hold a path, a version, an address or a compound together when a word follows or precedes them.
const JOINT = /[-/.@:+#]/;

function startsToken(text: string, at: number): boolean {
  if (!WORD.test(text[at] as string)) return true;
  const before = text[at - 1] ?? ' ';
  if (WORD.test(before)) return false;
  return !(JOINT.test(before) && WORD.test(text[at - 2] ?? ' '));
}

function endsToken(text: string, end: number): boolean {
  if (!WORD.test(text[end - 1] as string)) return true;
  const after = text[end] ?? ' ';
  if (WORD.test(after)) return false;
  return !(JOINT.test(after) && WORD.test(text[end + 1] ?? ' '));
}

const GENERIC = new Set(
  'a an and as at by for from how in is it its of on or per that the this to was what which who with value values result results given whether number amount'.split(' '),
);

/** The words that carry a label's meaning, folded: `price (in euros)` gives `price`; snake and camel case are split. */
export function keyWords(label: string): string[] {
  const words = foldText(label.replace(/\([^)]*\)/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2')).match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => !GENERIC.has(word));
  return telling.length > 0 ? telling : words;
}

/** A crude stem, equal for `departs`, `departure`, `departing`: enough to recognise a word, never to reject one. */
export function stem(word: string): string {
  const cut = word.replace(/(?:ations?|ations|ures?|ings?|ies|ments?|als?|ed|es|s|e|y)$/, '');
  return cut.length >= 3 ? cut : word;
}
