import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_BLOCKS, PROMPT_NAMES, type PromptName } from '../core/prompt/roles';
import { parseTemplate, type Template } from '../core/prompt/template';

export type PromptTexts = { [name in PromptName]: string };
export type Templates = { [name in PromptName]: Template };

/** The prompt files beside this one; a file of the same name in `override` (the campaign's `prompts:` folder) replaces ours. */
export async function loadPromptTexts(override?: string): Promise<PromptTexts> {
  const texts = await Promise.all(PROMPT_NAMES.map(async (name) => [name, await readPrompt(name, override)] as const));
  return Object.fromEntries(texts) as PromptTexts;
}

async function readPrompt(name: PromptName, override: string | undefined): Promise<string> {
  if (override) {
    try {
      return await readFile(join(override, `${name}.md`), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return readFile(join(__dirname, `${name}.md`), 'utf8');
}

/** Checks every text against its role's blocks; throws a sentence that names the file and the block. */
export function parseTemplates(texts: PromptTexts): Templates {
  const entries = PROMPT_NAMES.map((name) => [name, parseTemplate({ name: `${name}.md`, text: texts[name], ...PROMPT_BLOCKS[name] })]);
  return Object.fromEntries(entries) as Templates;
}
