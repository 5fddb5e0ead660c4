import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf, rowsOf, unique } from '../combinators';
import { seeding, type Seeding } from '../seeding';

export const CUP_STATUSES = ['open', 'drawn', 'decided'] as const;
export const ROUNDS = ['semi_final', 'final', 'friendly'] as const;

const match = z.strictObject({
  cup: z.string().nullable(),
  round: z.enum(ROUNDS),
  home: z.string(),
  away: z.string(),
  /** The rink time, once the match is scheduled. */
  time: z.string().nullable(),
  result: z.strictObject({ home: z.int().min(0), away: z.int().min(0) }).nullable(),
});
const cup = z.strictObject({ name: z.string(), status: z.enum(CUP_STATUSES), entriesCloseOn: z.iso.date(), fee: z.int().min(0), prize: z.int() });

/** The game as one manager sees it, with every team in it. Credits are whole. */
export const leagueStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  manager: z.strictObject({ licence: z.string(), password: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  teams: z.record(z.string(), z.strictObject({ name: z.string(), town: z.string(), credits: z.int() })),
  players: z.record(z.string(), z.strictObject({ name: z.string(), skill: z.int(), fee: z.int() })),
  /** A player under contract has one pass. */
  passes: z.record(z.string(), z.strictObject({ player: z.string(), team: z.string(), shirt: z.int() })),
  cups: z.record(z.string(), cup),
  entries: z.record(z.string(), z.strictObject({ cup: z.string(), team: z.string(), passes: z.array(z.string()) })),
  rinks: z.record(z.string(), z.strictObject({ town: z.string(), name: z.string(), seats: z.int() })),
  times: z.record(z.string(), z.strictObject({ rink: z.string(), date: z.iso.date(), startsAt: z.string() })),
  matches: z.record(z.string(), match),
});

export type LeagueState = z.output<typeof leagueStateSchema>;
export type Match = z.output<typeof match>;
export type Cup = z.output<typeof cup>;

export const ROSTER_LEAST = 3;
export const ROSTER_MOST = 5;
export const SQUAD_MOST = 6;

/** Days from today for which rinks can be had. */
export const RINK_DAYS = 28;

const TOWNS = ['Skatemoor', 'Ashlock', 'Pendrift', 'Wexcombe', 'Orland Bay', 'Marrowick'];
const MASCOTS = ['Otters', 'Lamplighters', 'Comets', 'Badgers', 'Gondoliers', 'Thistles', 'Ironbirds', 'Magpies', 'Foxgloves'];
const CUPS = ['Lantern Cup', 'Silver Skate', 'Pier Trophy', 'Midwinter Shield', 'Copper Whistle'];
const RINKS = ['Tramshed Rink', 'Corn Hall', 'Boardwalk Oval', 'Brickworks Arena', 'Old Dairy Rink'];
const TEAMS = 6;
const SQUAD = 4;
const FREE_PLAYERS = 4;

/** Six teams of four, four free players, and three cups: one open with two entries, one in its semi-finals, one whose entries are closed. */
export function initLeague(seed: number): LeagueState {
  const s = seeding('league', seed);
  const towns = s.some(TOWNS, 3);
  const mascots = s.some(MASCOTS, TEAMS);
  const teams = s.table('TM', mascots, (mascot, at) => ({ name: `${towns[at % 3]} ${mascot}`, town: towns[at % 3] as string, credits: s.rng.int(90, 240) * 10 }));
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.fullName({ lastName: s.faker.person.lastName() }), TEAMS * SQUAD + FREE_PLAYERS);
  const players = s.table('PL', names, (name) => ({ name, skill: s.rng.int(41, 94), fee: s.rng.int(12, 48) * 10 }));
  const teamIds = Object.keys(teams);
  const passes = s.table('PP', Object.keys(players).slice(0, TEAMS * SQUAD), (player, at) => ({ player, team: teamIds[Math.floor(at / SQUAD)] as string, shirt: (at % SQUAD) * 7 + s.rng.int(1, 7) }));
  const rinks = s.table('RK', s.some(RINKS, 3), (name, at) => ({ town: towns[at] as string, name, seats: s.rng.int(14, 90) * 10 }));
  const slots = Object.keys(rinks).flatMap((rink) => Array.from({ length: RINK_DAYS }, (_, ahead) => ahead + 1).flatMap((ahead) => ['17:30', '20:00'].map((startsAt) => ({ rink, date: addDays(s.today, ahead), startsAt }))));
  return {
    salt: s.salt, today: s.today, teams, players, passes, rinks,
    manager: { licence: `SM-${s.rng.int(1000, 9999)}`, password: `${s.faker.word.noun()}${s.rng.int(10, 99)}`, name: s.faker.person.fullName() },
    session: { signedIn: false },
    times: s.table('RT', slots, (slot) => slot),
    ...initCups(s, teamIds, passes),
  };
}

function initCups(s: Seeding, teams: string[], passes: LeagueState['passes']): Pick<LeagueState, 'cups' | 'entries' | 'matches'> {
  const cups = s.table('CP', s.some(CUPS, 3), (name, at) => ({ name, status: at === 1 ? 'drawn' as const : 'open' as const, entriesCloseOn: addDays(s.today, at === 0 ? s.rng.int(4, 12) : -s.rng.int(1, 6)), fee: s.rng.int(3, 9) * 10, prize: s.rng.int(40, 95) * 10 }));
  const [open, drawn, closed] = Object.keys(cups) as [string, string, string];
  const entered = [[open, [3, 4]], [drawn, [0, 1, 2, 3]], [closed, [2, 3, 4, 5]]] as const;
  const plan = entered.flatMap(([cup, at]) => at.map((team) => ({ cup, team: teams[team] as string })));
  const entries = s.table('EN', plan, (row) => ({ ...row, passes: Object.keys(passes).filter((id) => passes[id]?.team === row.team).slice(0, ROSTER_LEAST) }));
  const matches = s.table('MA', [0, 2], (at) => ({ cup: drawn, round: 'semi_final' as const, home: teams[at] as string, away: teams[at + 1] as string, time: null, result: null }));
  return { cups, entries, matches };
}

// ---- what the game reads off its state ----

export const matchesOf = (state: LeagueState, cupId: string): [string, Match][] => rowsOf(state.matches, (row) => row.cup === cupId);
export const fullEntries = (state: LeagueState, cupId: string): [string, LeagueState['entries'][string]][] => rowsOf(state.entries, (row) => row.cup === cupId && row.passes.length >= ROSTER_LEAST);

/** The team that won; none before the match and after a friendly that ended level. */
export function winnerOf({ home, away, result }: Match): string | undefined {
  if (result === null || result.home === result.away) return undefined;
  return result.home > result.away ? home : away;
}

export const dayOf = (state: LeagueState, { time }: Match): string | undefined => (time === null ? undefined : rowOf(state.times, time).date);


export const leagueInvariants: { [rule: string]: (state: LeagueState) => boolean } = {
  'no team owes credits': (state) => Object.values(state.teams).every(({ credits }) => credits >= 0),
  'a player has one pass, and no two of a squad wear one number': (state) =>
    unique(Object.values(state.passes).map(({ player }) => player)) && unique(Object.values(state.passes).map(({ team, shirt }) => `${team}/${shirt}`)),
  'a roster names passes of its own team, each once': (state) =>
    Object.values(state.entries).every(({ team, passes }) => unique(passes) && passes.length <= ROSTER_MOST && passes.every((id) => rowOf(state.passes, id).team === team)),
  'a rink time has one match, and no team plays twice on a day': (state) => {
    const rows = Object.values(state.matches).filter((row) => row.time !== null);
    return unique(rows.map((row) => row.time as string)) && unique(rows.flatMap((row) => [row.home, row.away].map((team) => `${team}/${dayOf(state, row)}`)));
  },
  'a played match was scheduled, and cup matches have a winner': (state) =>
    Object.values(state.matches).every((row) => row.result === null || (row.time !== null && (row.cup === null || winnerOf(row) !== undefined))),
  'a final is between the winners of its semi-finals': (state) =>
    Object.values(state.matches).every((row) => {
      const semis = row.cup === null || row.round !== 'final' ? [] : matchesOf(state, row.cup).map(([, one]) => one).filter((one) => one.round === 'semi_final');
      return semis.every((semi) => [row.home, row.away].includes(winnerOf(semi) ?? ''));
    }),
};
