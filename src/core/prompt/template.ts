import type { ChatMessage } from '../chat/chat';

/**
 * A Markdown prompt. Lines `<!-- system -->` and `<!-- user -->` start its messages. `{{name}}` alone on a line is a
 * labelled block: it becomes `<name>` … `</name>` around the value. `{{#name}}` … `{{/name}}` (each alone on a line)
 * keeps its lines only when block `name` has a value. Values are data: they are never expanded again.
 */
export interface Template {
  messages: { role: 'system' | 'user'; lines: string[] }[];
  blocks: string[];
}

export type BlockValues = { [name: string]: string | undefined };

const ROLE = /^<!--\s*(system|user)\s*-->$/;
const BLOCK = /^\{\{([a-z_]+)\}\}$/;
const OPEN = /^\{\{#([a-z_]+)\}\}$/;
const CLOSE = /^\{\{\/([a-z_]+)\}\}$/;

/** Checks a template when it is loaded: every required block stands in it exactly once, and no unknown one. */
export function parseTemplate(input: { name: string; text: string; required: readonly string[]; optional?: readonly string[] }): Template {
  const messages: Template['messages'] = [];
  for (const line of input.text.split('\n')) {
    const role = ROLE.exec(line.trim())?.[1] as 'system' | 'user' | undefined;
    if (role) messages.push({ role, lines: [] });
    else messages.at(-1)?.lines.push(line);
  }
  if (messages.length === 0) throw new Error(`Expected prompt ${input.name} to have a line <!-- system --> or <!-- user -->, got none`);
  const blocks = messages.flatMap((message) => message.lines.map((line) => BLOCK.exec(line.trim())?.[1]).filter((name) => name !== undefined));
  const allowed = [...input.required, ...(input.optional ?? [])];
  for (const name of input.required) {
    const count = blocks.filter((block) => block === name).length;
    if (count !== 1) throw new Error(`Expected prompt ${input.name} to hold the block {{${name}}} once, alone on its line, got it ${count} times`);
  }
  const unknown = blocks.find((block) => !allowed.includes(block));
  if (unknown) throw new Error(`Expected prompt ${input.name} to hold only the blocks ${allowed.join(', ')}, got {{${unknown}}}`);
  return { messages, blocks };
}

/** Fills the blocks; a block without a value and its conditional lines vanish. */
export function renderTemplate(template: Template, values: BlockValues): { role: 'system' | 'user'; content: string }[] {
  return template.messages.map((message) => ({ role: message.role, content: renderLines(message.lines, values) }));
}

function renderLines(lines: readonly string[], values: BlockValues): string {
  const out: string[] = [];
  let hiddenBy: string | undefined;
  for (const line of lines) {
    const open = OPEN.exec(line.trim())?.[1];
    const close = CLOSE.exec(line.trim())?.[1];
    const block = BLOCK.exec(line.trim())?.[1];
    if (open !== undefined) hiddenBy ??= values[open] === undefined ? open : undefined;
    else if (close !== undefined) hiddenBy = hiddenBy === close ? undefined : hiddenBy;
    else if (hiddenBy !== undefined) continue;
    else if (block === undefined) out.push(line);
    else if (values[block] !== undefined) out.push(`<${block}>`, escapeBlock(block, values[block] as string), `</${block}>`);
  }
  return out.join('\n').replace(/\n{3,}/g, '\n\n').trim();
}

/** A value cannot close its own block: tool output is data. */
const escapeBlock = (name: string, value: string): string => value.replaceAll(`</${name}>`, `<\\/${name}>`);

/** The value of a labelled block in rendered text, the last one when there are several; `undefined` when absent. */
export function readBlock(text: string, name: string): string | undefined {
  const all = readBlocks(text, name);
  return all.at(-1);
}

/** Every occurrence of a labelled block, in order. */
export function readBlocks(text: string, name: string): string[] {
  const pattern = new RegExp(`(?:^|\\n)<${name}>\\n([\\s\\S]*?)\\n</${name}>(?=\\n|$)`, 'g');
  return [...text.matchAll(pattern)].map((match) => (match[1] as string).replaceAll(`<\\/${name}>`, `</${name}>`));
}

export const textOf = (messages: readonly ChatMessage[]): string => messages.map((message) => message.content ?? '').join('\n');
