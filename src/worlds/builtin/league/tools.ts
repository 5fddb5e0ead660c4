import { z } from 'zod';
import { createRng } from '../../../core/random';
import { clock, dayShown, enough, findId, inStatus, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need, type Run } from '../domain';
import { CUP_STATUSES, dayOf, fullEntries, matchesOf, RINK_DAYS, ROSTER_LEAST, ROSTER_MOST, ROUNDS, SQUAD_MOST, winnerOf, type Cup, type LeagueState, type Match } from './state';

const tool = toolsOn<LeagueState>();

// ---- fields that several tools share ----

const teamId = (description: string): z.ZodString => ref('team_id', description);
const teamName = (description: string): z.ZodString => ref('team_name', description);
const playerId = ref('player_id', 'Code of a player, as given by find_player');
const playerName = ref('player_name', 'Full name of the player');
const passNumber = ref('pass_number', "Number of a player's pass");
const cupId = ref('cup_id', 'Code of a cup, as given by find_cup');
const entryId = ref('entry_id', 'Code of the entry of a team in a cup, as given by enter_team');
const rinkId = ref('rink_id', 'Code of a rink, as given by find_rink');
const timeId = ref('rink_time_id', 'Code of a rink time, as given by rink_times');
const matchId = ref('match_id', 'Code of a match');
const town = ref('town', 'Name of the town');
const credits = (description: string): z.ZodInt => z.int().min(0).describe(`${description}, in credits`);
const skill = z.int().describe('Skill of the player, from 1 to 99');

const pairing = z.object({
  match_id: matchId,
  round: z.enum(ROUNDS).describe('Round of the match'),
  home_team_name: teamName('Name of the team that plays at home'),
  away_team_name: teamName('Name of the team that visits'),
});

// ---- needs ----

type OfTeam = { team_id: string };
type OfCup = { cup_id: string };
type OfMatch = { match_id: string };

const opened = signedIn<LeagueState>();
const teamExists = <A>(read: (args: A) => string): Need<LeagueState, A> => exists('team', (state) => state.teams, read);
const ownTeam = teamExists<OfTeam>((args) => args.team_id);
const cupExists = exists<LeagueState, OfCup>('cup', (state) => state.cups, (args) => args.cup_id);
const cupIs = (...allowed: Cup['status'][]): Need<LeagueState, OfCup> =>
  inStatus({ kind: 'Cup', id: (args) => args.cup_id, status: (state, args) => rowOf(state.cups, args.cup_id).status, order: CUP_STATUSES, allowed });
const matchExists = exists<LeagueState, OfMatch>('match', (state) => state.matches, (args) => args.match_id);
const notPlayed = must<LeagueState, OfMatch>('conflict', (state, args) => rowOf(state.matches, args.match_id).result === null, (args) => `Match \`${args.match_id}\` has been played.`);

/** The rink time exists and neither strangers nor a match have it; `teams` do not play on that day, but for the match itself. */
const timeSuits = <A extends { rink_time_id: string }>(teams: (state: LeagueState, args: A) => string[], itself: (args: A) => string | undefined): Need<LeagueState, A>[] => [
  exists('rink time', (state) => state.times, (args) => args.rink_time_id),
  must('conflict', (state, args) => isFree(state, args.rink_time_id), (args) => `Rink time \`${args.rink_time_id}\` is taken.`),
  must(
    'conflict',
    (state, args) => rowsOf(state.matches, (row) => dayOf(state, row) === rowOf(state.times, args.rink_time_id).date).every(([id, row]) => id === itself(args) || teams(state, args).every((team) => row.home !== team && row.away !== team)),
    (args, state) => `One of the teams plays on ${rowOf(state.times, args.rink_time_id).date} already.`,
  ),
];

// ---- reading the state ----

const isFree = (state: LeagueState, time: string): boolean =>
  createRng(`${state.salt}/taken/${time}`).float() >= 0.2 && Object.values(state.matches).every((row) => row.time !== time);
const squadOf = (state: LeagueState, team: string): [string, LeagueState['passes'][string]][] => rowsOf(state.passes, (row) => row.team === team);
const nameOf = (state: LeagueState, team: string): string => rowOf(state.teams, team).name;
const semisOf = (state: LeagueState, cup: string): Match[] => matchesOf(state, cup).map(([, row]) => row).filter((row) => row.round === 'semi_final');
const shown = (state: LeagueState, match_id: string, row: Match): z.output<typeof pairing> => ({ match_id, round: row.round, home_team_name: nameOf(state, row.home), away_team_name: nameOf(state, row.away) });

// ---- the office, teams and players ----

const openOffice = tool({
  name: 'open_office',
  about: "Open the manager's office with licence and password. Nothing can be signed, entered, drawn, scheduled or played before.",
  in: z.strictObject({ manager_licence: ref('manager_licence', 'Number of the manager licence, as SM-0000'), office_password: ref('office_password', 'Password of the office') }),
  out: z.object({ manager_name: z.string().describe('Name of the manager'), reputation: z.int().describe('Reputation points of the manager') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.manager.licence === args.manager_licence, (args) => `There is no licence \`${args.manager_licence}\`.`),
    must('precondition', (state, args) => state.manager.password === args.office_password, () => 'The password does not belong to this licence.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { manager_name: state.manager.name, reputation: createRng(`${state.salt}/reputation`).int(120, 880) };
  },
});

const teamNamed = (state: LeagueState, name: string): string | undefined => findId(state.teams, (row) => sameName(row.name, name));

const findTeam = tool({
  name: 'find_team',
  about: 'Find a team by its name, with its code, its town and what it can spend.',
  in: z.strictObject({ team_name: teamName('Name of the team') }),
  out: z.object({ team_id: teamId('Code of the team'), home_town: town, credits: credits('What the team can spend'), squad_size: z.int().describe('Players under contract') }),
  needs: [must('not_found', (state, args) => teamNamed(state, args.team_name) !== undefined, (args) => `There is no team called \`${args.team_name}\`.`)],
  run: ({ state }, args) => {
    const team_id = teamNamed(state, args.team_name) as string;
    const row = rowOf(state.teams, team_id);
    return { team_id, home_town: row.town, credits: row.credits, squad_size: squadOf(state, team_id).length };
  },
});

const listSquad = tool({
  name: 'list_squad',
  about: 'List the players under contract with a team, with their passes, shirt numbers and skills.',
  in: z.strictObject({ team_id: teamId('Code of the team, as given by find_team') }),
  out: z.object({ squad: z.array(z.object({ pass_number: passNumber, player_name: playerName, shirt_number: z.int().describe('Number on the shirt'), skill })).describe('The players, by name') }),
  needs: [ownTeam],
  run: ({ state }, args) => {
    const squad = squadOf(state, args.team_id).map(([pass_number, row]) => ({ pass_number, player_name: rowOf(state.players, row.player).name, shirt_number: row.shirt, skill: rowOf(state.players, row.player).skill }));
    return { squad: sortedBy(squad, (row) => row.player_name) };
  },
});

const playerNamed = (state: LeagueState, name: string): string | undefined => findId(state.players, (row) => sameName(row.name, name));

const findPlayer = tool({
  name: 'find_player',
  about: 'Find a player by full name: code, skill, transfer fee, and whether the player is under contract.',
  in: z.strictObject({ player_name: playerName }),
  out: z.object({ player_id: playerId, skill, transfer_fee: credits('What signing the player costs'), under_contract: z.boolean().describe('Whether a team has the player') }),
  needs: [must('not_found', (state, args) => playerNamed(state, args.player_name) !== undefined, (args) => `Nobody called \`${args.player_name}\` plays.`)],
  run: ({ state }, args) => {
    const player_id = playerNamed(state, args.player_name) as string;
    const row = rowOf(state.players, player_id);
    return { player_id, skill: row.skill, transfer_fee: row.fee, under_contract: hasContract(state, player_id) };
  },
});

const hasContract = (state: LeagueState, player: string): boolean => findId(state.passes, (row) => row.player === player) !== undefined;

const signPlayer = tool({
  name: 'sign_player',
  about: 'Sign a player without a contract for a team. The team pays the transfer fee and gets a pass for the player.',
  in: z.strictObject({ team_id: teamId('Team that signs the player'), player_id: playerId, shirt_number: z.int().min(1).max(40).describe('Number on the shirt; no team-mate wears it') }),
  out: z.object({ pass_number: passNumber, fee_paid: credits('Transfer fee paid'), credits_left: credits('What the team can still spend') }),
  writes: ['passes', 'teams'],
  needs: [
    opened, ownTeam,
    exists('player', (state) => state.players, (args) => args.player_id),
    must('conflict', (state, args) => !hasContract(state, args.player_id), (args) => `Player \`${args.player_id}\` is under contract.`),
    must('conflict', (state, args) => squadOf(state, args.team_id).length < SQUAD_MOST, () => `The squad is full with ${SQUAD_MOST} players.`),
    must('conflict', (state, args) => squadOf(state, args.team_id).every(([, row]) => row.shirt !== args.shirt_number), (args) => `A team-mate wears number ${args.shirt_number}.`),
    enough('the team', 'credits', (state, args) => rowOf(state.teams, args.team_id).credits, (args, state) => rowOf(state.players, args.player_id).fee),
  ],
  run: ({ state, id }, args) => {
    const pass_number = id('PP', args.player_id, state.passes);
    state.passes[pass_number] = { player: args.player_id, team: args.team_id, shirt: args.shirt_number };
    const { fee } = rowOf(state.players, args.player_id);
    const team = rowOf(state.teams, args.team_id);
    team.credits -= fee;
    return { pass_number, fee_paid: fee, credits_left: team.credits };
  },
});

// ---- cups ----

const cupNamed = (state: LeagueState, name: string): string | undefined => findId(state.cups, (row) => sameName(row.name, name));

const findCup = tool({
  name: 'find_cup',
  about: 'Find a cup by its name: code, how far it has come, when entries close, fee and prize.',
  in: z.strictObject({ cup_name: ref('cup_name', 'Name of the cup') }),
  out: z.object({
    cup_id: cupId,
    status: z.enum(CUP_STATUSES).describe('Whether the cup is open, drawn or decided'),
    entries_close_on: dayShown('Last day for entries'),
    entry_fee: credits('Fee for one team'),
    prize: credits('Prize of the winner'),
  }),
  needs: [must('not_found', (state, args) => cupNamed(state, args.cup_name) !== undefined, (args) => `There is no cup called \`${args.cup_name}\`.`)],
  run: ({ state }, args) => {
    const cup_id = cupNamed(state, args.cup_name) as string;
    const { status, entriesCloseOn, fee, prize } = rowOf(state.cups, cup_id);
    return { cup_id, status, entries_close_on: entriesCloseOn, entry_fee: fee, prize };
  },
});

const enterTeam = tool({
  name: 'enter_team',
  about: 'Enter a team in an open cup. The team pays the fee; its roster is named afterwards.',
  in: z.strictObject({ cup_id: cupId, team_id: teamId('Team to enter') }),
  out: z.object({ entry_id: entryId, fee_paid: credits('Fee paid'), start_number: z.int().describe('Start number of the team in the cup') }),
  writes: ['entries', 'teams'],
  needs: [
    opened, cupExists, ownTeam, cupIs('open'),
    must('conflict', (state, args) => rowOf(state.cups, args.cup_id).entriesCloseOn >= state.today, (args, state) => `Entries closed on ${rowOf(state.cups, args.cup_id).entriesCloseOn}.`),
    must('conflict', (state, args) => findId(state.entries, (row) => row.cup === args.cup_id && row.team === args.team_id) === undefined, (args) => `Team \`${args.team_id}\` is in this cup already.`),
    enough('the team', 'credits', (state, args) => rowOf(state.teams, args.team_id).credits, (args, state) => rowOf(state.cups, args.cup_id).fee),
  ],
  run: ({ state, id }, args) => {
    const entry_id = id('EN', `${args.cup_id}/${args.team_id}`, state.entries);
    state.entries[entry_id] = { cup: args.cup_id, team: args.team_id, passes: [] };
    const { fee } = rowOf(state.cups, args.cup_id);
    rowOf(state.teams, args.team_id).credits -= fee;
    return { entry_id, fee_paid: fee, start_number: createRng(`${state.salt}/start/${entry_id}`).int(11, 98) };
  },
});

const cupOfEntry = (state: LeagueState, entry: string): OfCup => ({ cup_id: rowOf(state.entries, entry).cup });

const nameToRoster = tool({
  name: 'name_to_roster',
  about: `Put a player of the team on the roster of its entry, by pass. A roster has ${ROSTER_LEAST} to ${ROSTER_MOST} players and is closed by the draw.`,
  in: z.strictObject({ entry_id: entryId, pass_number: passNumber }),
  out: z.object({ player_name: z.string().describe('Player who was named'), named_so_far: z.int().describe('Players on the roster'), roster_skill: z.int().describe('Skills of the roster added up') }),
  writes: ['entries'],
  needs: [
    opened,
    exists('entry', (state) => state.entries, (args) => args.entry_id),
    exists('pass', (state) => state.passes, (args) => args.pass_number),
    (state, args) => cupIs('open')(state, cupOfEntry(state, args.entry_id)),
    must('precondition', (state, args) => rowOf(state.passes, args.pass_number).team === rowOf(state.entries, args.entry_id).team, (args) => `Pass \`${args.pass_number}\` belongs to a player of another team.`),
    must('conflict', (state, args) => !rowOf(state.entries, args.entry_id).passes.includes(args.pass_number), (args) => `Pass \`${args.pass_number}\` is on the roster already.`),
    must('conflict', (state, args) => rowOf(state.entries, args.entry_id).passes.length < ROSTER_MOST, () => `The roster is full with ${ROSTER_MOST} players.`),
  ],
  run: ({ state }, args) => {
    const { passes } = rowOf(state.entries, args.entry_id);
    passes.push(args.pass_number);
    passes.sort();
    const player = (pass: string): LeagueState['players'][string] => rowOf(state.players, rowOf(state.passes, pass).player);
    return { player_name: player(args.pass_number).name, named_so_far: passes.length, roster_skill: passes.reduce((sum, pass) => sum + player(pass).skill, 0) };
  },
});

const drawBracket = tool({
  name: 'draw_bracket',
  about: `Draw who meets whom in an open cup. Takes the teams with a roster of at least ${ROSTER_LEAST}, of which there must be two or four.`,
  in: z.strictObject({ cup_id: cupId }),
  out: z.object({ matches: z.array(pairing).describe('The matches of the first round'), drawn_in: z.string().describe('Town where the draw was held') }),
  writes: ['cups', 'matches'],
  needs: [
    opened, cupExists, cupIs('open'),
    must('precondition', (state, args) => [2, 4].includes(fullEntries(state, args.cup_id).length), (args, state) => `${fullEntries(state, args.cup_id).length} teams have a full roster; a bracket takes two or four.`),
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/draw/${args.cup_id}`);
    const teams = rng.shuffle(fullEntries(state, args.cup_id).map(([, row]) => row.team));
    const round = teams.length === 2 ? 'final' : 'semi_final';
    const drawn = Array.from({ length: teams.length / 2 }, (_, at) => {
      const row: Match = { cup: args.cup_id, round, home: teams[at * 2] as string, away: teams[at * 2 + 1] as string, time: null, result: null };
      const match_id = id('MA', `${args.cup_id}/${round}/${at}`, state.matches);
      state.matches[match_id] = row;
      return shown(state, match_id, row);
    });
    rowOf(state.cups, args.cup_id).status = 'drawn';
    return { matches: drawn, drawn_in: rng.pick(Object.values(state.rinks).map((rink) => rink.town)) };
  },
});

const showBracket = tool({
  name: 'show_bracket',
  about: 'Show the matches of a drawn cup with their days and scores.',
  in: z.strictObject({ cup_id: cupId }),
  out: z.object({ matches: z.array(pairing.extend({ played_on: z.string().describe('Day of the match as YYYY-MM-DD, or `not scheduled`'), score: z.string().describe('Score, home team first, or `not played`') })).describe('The matches, semi-finals first') }),
  needs: [cupExists, cupIs('drawn', 'decided')],
  run: ({ state }, args) => ({
    matches: sortedBy(matchesOf(state, args.cup_id), ([id, row]) => `${row.round === 'final' ? 1 : 0} ${id}`)
      .map(([id, row]) => ({ ...shown(state, id, row), played_on: dayOf(state, row) ?? 'not scheduled', score: row.result === null ? 'not played' : `${row.result.home}:${row.result.away}` })),
  }),
});

const cupStandings = tool({
  name: 'cup_standings',
  about: 'Show how the teams of a cup stand: matches won, goals, and the skill of their rosters.',
  in: z.strictObject({ cup_id: cupId }),
  out: z.object({
    standings: z.array(z.object({
      team_name: teamName('Name of the team'),
      matches_won: z.int().describe('Matches won in the cup'),
      goals: z.int().describe('Goals scored in the cup'),
      roster_skill: z.int().describe('Skills of the roster added up'),
    })).describe('The teams, by name'),
    prize: credits('Prize of the winner'),
  }),
  needs: [cupExists],
  run: ({ state }, args) => {
    const matches = matchesOf(state, args.cup_id).map(([, row]) => row);
    const goalsOf = (team: string): number => matches.reduce((sum, row) => sum + (row.home === team ? (row.result?.home ?? 0) : row.away === team ? (row.result?.away ?? 0) : 0), 0);
    const rows = rowsOf(state.entries, (row) => row.cup === args.cup_id).map(([, { team, passes }]) => ({
      team_name: nameOf(state, team),
      matches_won: matches.filter((row) => winnerOf(row) === team).length,
      goals: goalsOf(team),
      roster_skill: passes.reduce((sum, pass) => sum + rowOf(state.players, rowOf(state.passes, pass).player).skill, 0),
    }));
    return { standings: sortedBy(rows, (row) => row.team_name), prize: rowOf(state.cups, args.cup_id).prize };
  },
});

// ---- rinks and matches ----

const rinkIn = (state: LeagueState, name: string): string | undefined => findId(state.rinks, (row) => sameName(row.town, name));

const findRink = tool({
  name: 'find_rink',
  about: 'Find the rink of a town, with its code and seats.',
  in: z.strictObject({ town }),
  out: z.object({ rink_id: rinkId, rink_name: z.string().describe('Name of the rink'), seats: z.int().describe('Seats for spectators') }),
  needs: [must('not_found', (state, args) => rinkIn(state, args.town) !== undefined, (args) => `There is no rink in \`${args.town}\`.`)],
  run: ({ state }, args) => {
    const rink_id = rinkIn(state, args.town) as string;
    const { name, seats } = rowOf(state.rinks, rink_id);
    return { rink_id, rink_name: name, seats };
  },
});

const rinkTimes = tool({
  name: 'rink_times',
  about: `List the times at which a rink is free from a day on, the first four of them. Rinks can be had for ${RINK_DAYS} days.`,
  in: z.strictObject({ rink_id: rinkId, from_date: day('First day to look at, as YYYY-MM-DD') }),
  out: z.object({
    free_times: z.array(z.object({ rink_time_id: timeId, date: dayShown('Day'), starts_at: clock('Face-off'), ticket_price: credits('Price of a ticket') })).describe('The free times, earliest first'),
  }),
  needs: [
    exists('rink', (state) => state.rinks, (args) => args.rink_id),
    notPast((args) => args.from_date, RINK_DAYS),
  ],
  run: ({ state }, args) => ({
    free_times: sortedBy(rowsOf(state.times, (row, id) => row.rink === args.rink_id && row.date >= args.from_date && isFree(state, id)), ([, row]) => `${row.date} ${row.startsAt}`).slice(0, 4)
      .map(([rink_time_id, row]) => ({ rink_time_id, date: row.date, starts_at: row.startsAt, ticket_price: ticketAt(state, rink_time_id) })),
  }),
});

const ticketAt = (state: LeagueState, time: string): number => createRng(`${state.salt}/ticket/${time}`).int(2, 6);

/** A final lies after the semi-finals of its cup. */
const afterSemis = must<LeagueState, { match_id: string; rink_time_id: string }>('precondition', (state, args) => {
  const { cup, round } = rowOf(state.matches, args.match_id);
  return cup === null || round !== 'final' || semisOf(state, cup).every((semi) => (dayOf(state, semi) ?? '') < rowOf(state.times, args.rink_time_id).date);
}, (args, state) => `${rowOf(state.times, args.rink_time_id).date} is not after the semi-finals of this cup.`);

const scheduleMatch = tool({
  name: 'schedule_match',
  about: 'Give a match a rink time, or another one while it has not been played.',
  in: z.strictObject({ match_id: matchId, rink_time_id: timeId }),
  out: z.object({ rink_name: z.string().describe('Rink of the match'), plays_on: dayShown('Day of the match'), referee: z.string().describe('Referee of the match') }),
  writes: ['matches'],
  needs: [
    opened, matchExists, notPlayed,
    ...timeSuits<{ match_id: string; rink_time_id: string }>((state, args) => [rowOf(state.matches, args.match_id).home, rowOf(state.matches, args.match_id).away], (args) => args.match_id),
    afterSemis,
  ],
  run: ({ state }, args) => {
    rowOf(state.matches, args.match_id).time = args.rink_time_id;
    const { rink, date } = rowOf(state.times, args.rink_time_id);
    return { rink_name: rowOf(state.rinks, rink).name, plays_on: date, referee: createRng(`${state.salt}/referee/${args.match_id}/${args.rink_time_id}`).pick(REFEREES) };
  },
});

const REFEREES = ['Oda Brandvold', 'Casimir Wray', 'Petra Lindow', 'Tobin Ashgrove', 'Ilse Marchetti'];

const agreeFriendly = tool({
  name: 'agree_friendly',
  about: 'Agree a friendly between two teams at a rink time. It belongs to no cup and is scheduled at once.',
  in: z.strictObject({ home_team: teamId('Team that plays at home'), away_team: teamId('Team that visits'), rink_time_id: timeId }),
  out: z.object({ match_id: matchId, plays_on: dayShown('Day of the friendly'), expected_spectators: z.int().describe('Spectators that the rink expects') }),
  writes: ['matches'],
  needs: [
    opened,
    teamExists((args) => args.home_team),
    teamExists((args) => args.away_team),
    must('precondition', (_state, args) => args.home_team !== args.away_team, () => 'A team cannot play against itself.'),
    ...timeSuits<{ home_team: string; away_team: string; rink_time_id: string }>((_state, args) => [args.home_team, args.away_team], () => undefined),
  ],
  run: ({ state, id }, args) => {
    const match_id = id('MA', `${args.home_team}/${args.away_team}/${args.rink_time_id}`, state.matches);
    const row: Match = { cup: null, round: 'friendly', home: args.home_team, away: args.away_team, time: args.rink_time_id, result: null };
    state.matches[match_id] = row;
    return { match_id, plays_on: rowOf(state.times, args.rink_time_id).date, expected_spectators: spectatorsOf(state, match_id) };
  },
});

function spectatorsOf(state: LeagueState, id: string): number {
  const { rink } = rowOf(state.times, rowOf(state.matches, id).time as string);
  return Math.round(rowOf(state.rinks, rink).seats * (0.4 + createRng(`${state.salt}/crowd/${id}`).float() * 0.6));
}

const TACTICS = { press: [2, 7], balanced: [1, 5], sit_back: [0, 3] } as const;

/** The score follows from the match, the rink time and the tactic; a cup match that ends level is decided by a penalty. */
function scoreOf(state: LeagueState, id: string, tactic: keyof typeof TACTICS): { home: number; away: number } {
  const { cup, time } = rowOf(state.matches, id);
  const rng = createRng(`${state.salt}/score/${id}/${time}/${tactic}`);
  const [low, high] = TACTICS[tactic];
  const [home, away] = [rng.int(low, high), rng.int(1, 5)];
  return cup !== null && home === away ? { home: home + 1, away } : { home, away };
}

const playMatch = tool({
  name: 'play_match',
  about: 'Play a scheduled match. The home team gets the takings, the winner of a final the prize. When both semi-finals are played, the final is set.',
  in: z.strictObject({ match_id: matchId, home_tactic: z.enum(['press', 'balanced', 'sit_back']).default('balanced').describe('How the home team plays') }),
  out: z.object({
    score: z.string().describe('Score, home team first'),
    winner_name: z.string().describe('Name of the winner, or `nobody`'),
    spectators: z.int().describe('Spectators who came'),
    takings: credits('Takings of the home team'),
  }),
  writes: ['matches', 'teams', 'cups'],
  needs: [
    opened, matchExists, notPlayed,
    must('precondition', (state, args) => rowOf(state.matches, args.match_id).time !== null, (args) => `Match \`${args.match_id}\` has no rink time yet. Schedule it first.`),
  ],
  run: (run, args) => {
    const { state } = run;
    const row = rowOf(state.matches, args.match_id);
    row.result = scoreOf(state, args.match_id, args.home_tactic);
    const spectators = spectatorsOf(state, args.match_id);
    const takings = spectators * ticketAt(state, row.time as string);
    rowOf(state.teams, row.home).credits += takings;
    const winner = winnerOf(row);
    if (row.cup !== null && winner !== undefined) advance(run, row.cup, row, winner);
    return { score: `${row.result.home}:${row.result.away}`, winner_name: winner === undefined ? 'nobody' : nameOf(state, winner), spectators, takings };
  },
});

/** After a final the cup is decided; after the second semi-final there is a final. */
function advance({ state, id }: Run<LeagueState>, cup: string, played: Match, winner: string): void {
  if (played.round === 'final') {
    rowOf(state.cups, cup).status = 'decided';
    rowOf(state.teams, winner).credits += rowOf(state.cups, cup).prize;
    return;
  }
  const winners = semisOf(state, cup).map(winnerOf);
  const [home, away] = winners;
  if (home === undefined || away === undefined) return;
  state.matches[id('MA', `${cup}/final`, state.matches)] = { cup, round: 'final', home, away, time: null, result: null };
}

/** The tools of the manager game. */
export const leagueTools: readonly DomainTool<LeagueState>[] = [
  openOffice, findTeam, listSquad, findPlayer, signPlayer,
  findCup, enterTeam, nameToRoster, drawBracket, showBracket, cupStandings,
  findRink, rinkTimes, scheduleMatch, agreeFriendly, playMatch,
];
