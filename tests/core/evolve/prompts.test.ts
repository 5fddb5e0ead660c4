import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAdvancedTool } from '../../../src/core/evolve/advanced-tool.schema';
import { toolMakerBlocks } from '../../../src/core/evolve/advanced-tool';
import { judgeBlocks } from '../../../src/core/evolve/judge';
import { queryBlocks } from '../../../src/core/evolve/query';
import { parseQuery } from '../../../src/core/evolve/query.schema';
import { PROMPT_BLOCKS } from '../../../src/core/prompt/roles';
import { parseTemplate, readBlock, renderTemplate, type BlockValues, type Template } from '../../../src/core/prompt/template';
import { advanced, replyOf, scene } from './scene';

type Role = 'tool-maker' | 'query-generator' | 'paraphrase-judge';
const load = (name: Role): Template =>
  parseTemplate({ name, text: readFileSync(join(__dirname, '../../../src/prompts', `${name}.md`), 'utf8'), ...PROMPT_BLOCKS[name] });

const rejected = { reply: '{}', reasons: ['empty'] };
const earlier = [{ role: 'user' as const, text: 'Hello' }, { role: 'assistant' as const, text: 'Hi' }];
const full: [Role, BlockValues][] = [
  ['tool-maker', toolMakerBlocks({ ...scene, rejected })],
  ['query-generator', queryBlocks({ ...scene, advanced, mode: 'easy', earlier, rejected })],
  ['paraphrase-judge', judgeBlocks({ query: 'A window seat', claims: [{ id: 'c1/x', kind: 'value', argument: 'x', value: true, meaning: 'X' }], earlier })],
];

describe.each(full)('the prompt %s', (name, values) => {
  it('carries every block that code gives it, in the user message', () => {
    const [system, user] = renderTemplate(load(name), values);
    expect(system?.role).toBe('system');
    for (const block of Object.keys(values)) expect(readBlock(user?.content ?? '', block)).toBe(values[block]);
  });

  it('has a place for every block of its role', () => {
    expect(load(name).blocks.sort()).toEqual([...PROMPT_BLOCKS[name].required, ...PROMPT_BLOCKS[name].optional].sort());
  });

  it('shows an example answer that is an answer', () => {
    const example = /\nAnswer:\n(\{[\s\S]*?\n\}|\{.*\})(?=\n|$)/.exec(renderTemplate(load(name), {})[0]?.content ?? '')?.[1] ?? '';
    if (name === 'tool-maker') expect(parseAdvancedTool(replyOf(example))).toMatchObject({ ok: true });
    else if (name === 'query-generator') expect(parseQuery(replyOf(example))).toMatchObject({ ok: true });
    else expect(JSON.parse(example)).toMatchObject({ verdicts: [{ conveyed: false }, { conveyed: true }, { conveyed: true }] });
  });
});
