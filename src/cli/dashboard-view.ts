import colors from 'picocolors';
import type { Progress } from '../core/campaign/progress';
import { createPace, dashboardLines, NO_DETAILS, type DashboardDetails, type Line } from './dashboard';
import { shownSpend, type Spent } from './live-spend';
import type { ProgressView } from './progress-view';
import type { Terminal } from './terminal';

export interface Dashboard extends ProgressView {
  show(details: DashboardDetails): void;
}

/** Draws the dashboard over itself. A window that changes its width is drawn anew at the next look. */
export function createDashboard(terminal: Terminal, id: string, spent: () => Spent | undefined, now: () => number = Date.now): Dashboard {
  const pace = createPace(now);
  let details = NO_DETAILS;
  let drawn = 0;
  const draw = (progress: Progress | undefined): void => {
    const { columns, rows } = terminal.size?.() ?? { columns: 100, rows: 40 };
    const spend = progress && shownSpend(progress, spent());
    const lines = dashboardLines({ progress, spend, details, pace: progress && spend && pace(progress, spend), id, columns, rows });
    // Up to our first line, clear from there to the end of the screen, and write.
    terminal.err(`${drawn === 0 ? '' : `\x1b[${drawn}A\x1b[0J`}${lines.map(paint).join('\n')}`);
    drawn = lines.length;
  };
  return { update: draw, show: (next) => void (details = next), end: () => void (drawn = 0) };
}

function paint({ text, tone }: Line): string {
  if (tone === 'title') return colors.bold(text);
  if (tone === 'warning') return colors.yellow(text);
  return tone === 'faint' ? colors.dim(text) : text;
}
