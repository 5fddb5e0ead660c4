#!/usr/bin/env node
// Keeps a finished hand-answered campaign as this folder: every request and reply, the sampled traces, the prompts and
// the rows. `node examples/real-language/keep.mjs CAMPAIGN` (HARDGEN_HOME as for the run).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { parseRecord, blobFile } = createRequire(import.meta.url)('../../dist/clients/record-store');
const home = process.env.HARDGEN_HOME ?? '.hardgen';
const [campaign] = process.argv.slice(2);
if (!campaign) throw new Error('Expected the id of a finished campaign: node examples/real-language/keep.mjs CAMPAIGN');
const folder = join(home, 'campaigns', campaign);

const records = readdirSync(join(folder, 'records')).map((file) => ({ name: file.replace('.jsonl', ''), lines: parseRecord(readFileSync(join(folder, 'records', file), 'utf8')) }));
const kept = join(here, 'kept');
rmSync(kept, { recursive: true, force: true });
for (const part of ['prompts', 'specs', 'rows']) mkdirSync(join(kept, part), { recursive: true });

const exchanges = records.flatMap(({ name, lines }) => lines.filter((line) => line.kind === 'call' && line.value.endpoint !== 'simulator').map(({ value }) => ({ item: name, key: value.key, request: value.request, reply: value.reply, usage: value.usage })));
writeFileSync(join(kept, 'exchanges.jsonl'), exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''));
for (const { name, lines } of records) {
  const spec = lines.find((line) => line.key === 'spec')?.value;
  if (!spec) continue;
  const trace = spec.ok ? JSON.parse(readFileSync(blobFile(home, spec.hash), 'utf8')) : undefined;
  writeFileSync(join(kept, 'specs', `${name}.json`), `${JSON.stringify({ line: spec, trace })}\n`);
}
for (const file of readdirSync(join(folder, 'prompts'))) writeFileSync(join(kept, 'prompts', file), readFileSync(join(folder, 'prompts', file)));
const { items } = JSON.parse(readFileSync(join(folder, 'dataset/index.json'), 'utf8'));
for (const item of items) {
  const name = `t-${String(item).padStart(5, '0')}.json`;
  writeFileSync(join(kept, 'rows', name), `${JSON.stringify(JSON.parse(readFileSync(join(folder, 'rows', name), 'utf8')).row)}\n`);
}
console.log(`${exchanges.length} requests, ${items.length} rows kept in ${kept}`);
