import { CommanderError } from 'commander';

/** What a script can go by; printed by `hardgen --help`. */
export const EXIT = {
  ok: 0,
  incomplete: 1,
  input: 2,
  service: 3,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_TABLE: readonly { code: ExitCode; about: string }[] = [
  { code: EXIT.ok, about: 'done as asked' },
  { code: EXIT.incomplete, about: 'a campaign ended below its target, or a check failed' },
  { code: EXIT.input, about: 'a file, option, id or environment variable that cannot be used' },
  { code: EXIT.service, about: 'Temporal, Neo4j, a worker, a world, the simulator or room on a disk could not be had' },
  { code: EXIT.bug, about: 'a bug of ours; the stack is on stderr' },
  { code: EXIT.interrupted, about: 'ended by Ctrl-C' },
];

/** Something the person typed that cannot be used; the message says what can. */
export class InputError extends Error {
  override name = 'InputError';
}

// Names, not classes: Temporal's client and our services both have a ServiceError, and both mean the same here.
const INPUT = new Set(['InputError', 'CampaignFileError', 'ConfigError', 'WorkflowNotFoundError', 'WorldBlockError']);
const SERVICE = new Set(['ServiceError', 'WorldUnavailable', 'GraphUnavailable', 'TransportError', 'Neo4jError']);

// What the owner of a disk mends, by the codes of the system.
const DISK: { [code: string]: string } = {
  ENOSPC: 'free space on that disk', EDQUOT: 'raise the quota or free space', EROFS: 'choose a folder that can be written to', EACCES: 'give this user the right to it', EPERM: 'give this user the right to it',
};

/** A sentence for trouble with a file that no code of ours foresaw, `undefined` for any other error. */
export function diskTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const cure = DISK[String(error.code)];
  return cure === undefined ? undefined : `Expected to read and write the files of this command, got ${error.message}; ${cure}, then give the command again`;
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input;
  if (!(error instanceof Error)) return EXIT.bug;
  if (diskTrouble(error) !== undefined) return EXIT.service;
  if (INPUT.has(error.name)) return EXIT.input;
  return SERVICE.has(error.name) || 'type' in error && error.type === 'GraphUnavailable' ? EXIT.service : EXIT.bug;
}
