import { killLine, type ChaosResult, type RunResult } from './run';

/** What `hardgen chaos` prints: every kill, then what it cost beside what it had to cost. */
export function chaosReport(result: ChaosResult): string[] {
  const { disturbed, undisturbed, rows } = result;
  return [
    ...disturbed.kills.map(killLine),
    ...disturbed.missed.map(({ victim, afterReplies }) => `not made: ${victim}, due after ${afterReplies} replies; the campaign ended before enough calls were in flight`),
    '',
    line('', 'undisturbed', 'disturbed', 'floor'),
    line('calls stored', undisturbed?.ledger.stored, disturbed.ledger.stored),
    line('calls paid', undisturbed?.ledger.paid, disturbed.ledger.paid),
    line('calls paid twice', undisturbed?.ledger.paidTwice, disturbed.ledger.paidTwice, `≤ ${result.floor} in flight at the kills`),
    line('rows', undisturbed?.progress.verified, rows.rows),
    line('rows lost', undisturbed && 0, rows.lost.length, '0'),
    line('rows doubled', undisturbed && 0, rows.doubled.length, '0'),
    line('dataset identical', undisturbed && 'yes', rows.identical === null ? 'not compared' : rows.identical ? 'yes' : 'NO', 'yes'),
    line('wall time', undisturbed && `${undisturbed.seconds} s`, `${disturbed.seconds} s`),
    line('extra wall time', '', result.extraSeconds === null ? 'not compared' : `${result.extraSeconds} s`, `${result.floorSeconds} s of down time`),
    line('orphan processes', undisturbed?.orphans.length, disturbed.orphans.length, '0'),
    line('needed a person', undisturbed?.neededPerson.length, disturbed.neededPerson.length, '0'),
    ...[undisturbed, disturbed].flatMap((run) => (run === null ? [] : troubles(run))),
    result.ok ? 'Nothing lost, nothing doubled, nothing paid twice beyond the calls in flight.' : 'FAILED: see what differs from the floor above.',
  ];
}

const line = (name: string, undisturbed: unknown, disturbed: unknown, floor = ''): string =>
  `${name.padEnd(18)} ${String(undisturbed ?? '–').padStart(12)} ${String(disturbed).padStart(13)}   ${floor}`.trimEnd();

function troubles({ campaign, orphans, neededPerson, workerEndings, progress, folder }: RunResult): string[] {
  return [
    ...orphans.map((process) => `${campaign}: still running: ${process}`),
    ...neededPerson.map((note) => `${campaign}: a person was needed: ${note}`),
    ...(workerEndings === 0 ? [] : [`${campaign}: its worker ended ${workerEndings} times by itself and was started again`]),
    ...(progress.failed === 0 ? [] : [`${campaign}: ${progress.failed} items failed; their records are in ${folder}`]),
  ];
}
