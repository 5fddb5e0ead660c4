import { rememberLast } from './remember';

/** Days and times of built-in worlds: texts only, so that neither the machine's clock nor its zone counts. */

const DAY_MS = 86_400_000;
// Worlds count days of the same few months in every call; reading and writing a date costs ten times what finding it does.
const DATES_KEPT = 4_000;
const midnight = rememberLast(DATES_KEPT, (date: string): number => Date.parse(`${date}T00:00:00Z`));
const dateAt = rememberLast(DATES_KEPT, (time: number): string => new Date(time).toISOString().slice(0, 10));

/** `2031-04-07` plus days. */
export const addDays = (date: string, days: number): string => dateAt(midnight(date) + days * DAY_MS);

/** Whole days from `start` to `date`, negative when it lies before. */
export const daysBetween = (start: string, date: string): number => Math.round((midnight(date) - midnight(start)) / DAY_MS);

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

// 1970 began on a Thursday.
export const weekdayOf = (date: string): (typeof WEEKDAYS)[number] => WEEKDAYS[(((midnight(date) / DAY_MS + 3) % 7) + 7) % 7] as (typeof WEEKDAYS)[number];

/** `09:30` as minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Minutes since midnight as `09:30`; passes over midnight. */
export function timeOf(minutes: number): string {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
}
