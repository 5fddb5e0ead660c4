import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { KnownFact } from '../../core/tool';
import { knownFileSchema } from './known.schema';

/** The facts of every seed, in seed order: its own first, then those of `all`. Throws naming the place in the file. */
export async function readKnown(file: string, seeds: readonly string[]): Promise<KnownFact[][]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`Expected a YAML file with known facts at ${file} (mcp.known), could not read it`, { cause });
  });
  const parsed = knownFileSchema.safeParse(parse(text) ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`Expected facts of the form {name, value, about, entity?, params?} per seed, got: ${issue?.message ?? 'something else'} (${file}, ${issue?.path.join('.') ?? ''})`);
  }
  for (const key of Object.keys(parsed.data)) {
    if (key !== 'all' && !seeds.includes(key) && !(/^\d+$/.test(key) && Number(key) < seeds.length)) {
      throw new Error(`Expected a seed's index or name, or \`all\`, got \`${key}\` (${file}); the seeds are [${seeds.join(', ')}]`);
    }
  }
  return seeds.map((name, index) => {
    const keys = [...new Set([String(index), name, 'all'])];
    const facts = keys.flatMap((key) => parsed.data[key] ?? []) as KnownFact[];
    const twice = facts.find((fact, at) => facts.findIndex((other) => other.name === fact.name) !== at);
    if (twice) throw new Error(`Expected every fact of a seed to have its own name, got \`${twice.name}\` twice (${file}, ${name})`);
    return facts;
  });
}
