import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The file that a `module:` entry names, or a sentence on why it is not loaded. It runs with all rights of whoever starts
 * the campaign, so a relative path stays in the campaign file's folder, links followed: who means another place writes
 * the whole path.
 */
export function moduleFile(module: string, baseDir: string): { file: string } | { trouble: string } {
  const file = resolve(baseDir, module);
  if (!existsSync(file)) return { trouble: `Expected a module at \`${module}\`, got nothing there; paths start at the campaign file's folder` };
  if (isAbsolute(module) || isWithin(realpathSync(file), realpathSync(baseDir))) return { file };
  return { trouble: `Expected a module in the campaign file's folder or below, got \`${module}\`, which lies outside; write its whole path if you mean it` };
}

function isWithin(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
