import type { Agreement } from '../refine/opinion';
import type { Format } from './format';
import type { NamedRow } from './row';
import { splitByResponse, type Split } from './split';

export interface CardInput {
  name: string;
  rows: readonly NamedRow[];
  format: Format;
  split?: Split;
  /** Of the attempts behind these rows. */
  opinions?: Agreement;
  files: readonly string[];
}

/**
 * The dataset card, README.md of an export. A simulated dataset's first line says so and it has no front matter, since
 * it is not for publication; any other opens with the front matter that the Hub reads.
 */
export function datasetCard(input: CardInput): string {
  const { rows, format, split = 'conversation' } = input;
  const simulated = rows.some((row) => row.simulated);
  return [
    ...(simulated ? ['> **simulated**: no language model was asked. The built-in simulator wrote what models would say; do not train on it.'] : frontMatter(input)),
    '',
    `# ${input.name}`,
    '',
    `${rows.length} verified multi-turn tool-use trajectories, made by [HardGen](https://arxiv.org/abs/2601.01498) on Temporal. Every gold call was executed, and every row passed its checks.`,
    '',
    `Format: ${format.name} (${format.about}).${split === 'response' ? ` One line per assistant response, ${lineCount(input)} in all, each conditioned on the true history before it.` : ''}`,
    '',
    split === 'response' ? format.byResponse.loading : format.loading,
    '',
    ...table('where the tools come from', 'rows', countBy(rows, (row) => row.world_tier)),
    ...table('world', 'rows', countBy(rows, (row) => `${row.world} (${row.world_version})`)),
    ...table('cell (world / calls / turns)', 'rows', countBy(rows, (row) => row.labels.cell)),
    ...table('tool called', 'calls', countEach(rows, (row) => row.gold.calls.map((call) => call.tool))),
    ...opinionLines(input.opinions),
    ...lengths(rows),
  ].join('\n');
}

/** Lines of the export: what the Hub counts. */
const lineCount = ({ rows, split }: CardInput): number => (split === 'response' ? rows.reduce((sum, row) => sum + splitByResponse(row).length, 0) : rows.length);

function frontMatter(input: CardInput): string[] {
  const { name, files } = input;
  return [
    '---', `pretty_name: ${name}`, 'language: [en]', 'task_categories: [text-generation]', 'tags: [tool-use, function-calling, synthetic, agent, hardgen]',
    'annotations_creators: [machine-generated]', `size_categories: [${sizeOf(lineCount(input))}]`,
    'configs:', '- config_name: default', '  data_files:', ...files.map((file) => `  - {split: train, path: ${file}}`), '---',
  ];
}

const SIZES: readonly [number, string][] = [[1_000, 'n<1K'], [10_000, '1K<n<10K'], [100_000, '10K<n<100K'], [1_000_000, '100K<n<1M']];
const sizeOf = (rows: number): string => SIZES.find(([limit]) => rows < limit)?.[1] ?? 'n>1M';

const countBy = (rows: readonly NamedRow[], keyOf: (row: NamedRow) => string): Map<string, number> => countEach(rows, (row) => [keyOf(row)]);

function countEach(rows: readonly NamedRow[], keysOf: (row: NamedRow) => string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of rows.flatMap(keysOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const table = (what: string, how: string, counts: Map<string, number>): string[] => [`| ${what} | ${how} |`, '|---|---:|', ...[...counts].map(([key, count]) => `| ${key} | ${count} |`), ''];

/** How often the rule that decided and a comparison of effects agree; what only effects call right is what a laxer checker would have let in. */
function opinionLines(opinions: Agreement | undefined): string[] {
  if (!opinions || Object.values(opinions).every((count) => count === 0)) return [];
  return [
    'Attempts behind these rows, by the rule that decided (the partial order of gold calls) and by a second opinion that decides nothing (same end state and same outputs):', '',
    '| attempts | same effect | other effect |', '|---|---:|---:|',
    `| right by rule | ${opinions.both} | ${opinions.rule_only} |`, `| wrong by rule | ${opinions.effect_only} | ${opinions.neither} |`, '',
  ];
}

/** Trainers cut or refuse what is longer than they were told, some without a word. */
function lengths(rows: readonly NamedRow[]): string[] {
  if (rows.length === 0) return [];
  const sorted = rows.map((row) => JSON.stringify(row.tools).length + JSON.stringify(row.messages).length).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return [`Length of messages and tools as JSON, in characters (about four make a token): median ${at(0.5)}, 95 % ${at(0.95)}, longest ${sorted.at(-1) ?? 0}.`, ''];
}
