import { createLeagueWorld } from '../../../src/worlds/builtin/league';
import { rowsIn, talkTo, type Talk } from '../../fixtures/talk';

async function inOffice() {
  const talk = await talkTo(createLeagueWorld());
  const { say, ask, get } = talk;
  await ask('open_office', { manager_licence: say.manager_licence as string, office_password: say.office_password as string });
  const team_id = await get('find_team', 'team_id', { team_name: say.own_team as string });
  const second = await get('find_team', 'team_id', { team_name: say.second_team as string });
  const rink_id = await get('find_rink', 'rink_id', { town: say.home_town as string });
  const cup_id = await get('find_cup', 'cup_id', { cup_name: say.next_cup as string });
  const times = async (fact: string): Promise<string[]> => rowsIn(await ask('rink_times', { rink_id, from_date: say[fact] as string }), 'free_times').map((row) => row.rink_time_id as string);
  return { ...talk, team_id, second, cup_id, times };
}

/** Enters a team with three of its squad. */
async function enter({ ask, get }: Talk, cup_id: string, team_id: string): Promise<string> {
  const entry_id = await get('enter_team', 'entry_id', { cup_id, team_id });
  for (const { pass_number } of rowsIn(await ask('list_squad', { team_id }), 'squad').slice(0, 3)) await ask('name_to_roster', { entry_id, pass_number: pass_number as string });
  return entry_id;
}

test('two more teams enter, the bracket is drawn, semi-finals and final are played, and the standings show the winner', async () => {
  const talk = await inOffice();
  const { ask, attempt, cup_id, team_id, second, times } = talk;
  await enter(talk, cup_id, team_id);
  expect(await attempt('draw_bracket', { cup_id })).toMatchObject({ fault: 'precondition' });
  await enter(talk, cup_id, second);
  const semis = rowsIn(await ask('draw_bracket', { cup_id }), 'matches');
  const [early, next] = await times('match_day');
  for (const [at, time] of [early, next].entries()) {
    const match_id = semis[at]?.match_id as string;
    expect(await attempt('play_match', { match_id })).toMatchObject({ fault: 'precondition' });
    await ask('schedule_match', { match_id, rink_time_id: time as string });
    await ask('play_match', { match_id });
  }
  const final = rowsIn(await ask('show_bracket', { cup_id }), 'matches')[2]?.match_id as string;
  expect(await attempt('schedule_match', { match_id: final, rink_time_id: early as string })).toMatchObject({ fault: 'conflict' });
  await ask('schedule_match', { match_id: final, rink_time_id: (await times('late_match_day'))[0] as string });
  const { winner_name } = await ask('play_match', { match_id: final, home_tactic: 'press' });
  expect(rowsIn(await ask('cup_standings', { cup_id }), 'standings').find((row) => row.team_name === winner_name)).toMatchObject({ matches_won: 2 });
  expect(await attempt('play_match', { match_id: final })).toMatchObject({ fault: 'conflict' });
});

test('a player is signed once, for a fee and under a free number, and plays for the own team alone', async () => {
  const { ask, get, attempt, say, team_id, second, cup_id } = await inOffice();
  const player_id = await get('find_player', 'player_id', { player_name: say.wanted_player as string });
  const worn = rowsIn(await ask('list_squad', { team_id }), 'squad')[0]?.shirt_number as number;
  expect(await attempt('sign_player', { team_id, player_id, shirt_number: worn })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('wears') });
  const pass_number = await get('sign_player', 'pass_number', { team_id, player_id, shirt_number: 40 });
  expect(await attempt('sign_player', { team_id: second, player_id, shirt_number: 40 })).toMatchObject({ fault: 'conflict' });
  const entry_id = await get('enter_team', 'entry_id', { cup_id, team_id: second });
  expect(await attempt('name_to_roster', { entry_id, pass_number })).toMatchObject({ fault: 'precondition' });
});

test('no team plays twice on one day, and entries end on their day', async () => {
  const { ask, get, attempt, say, team_id, second, times } = await inOffice();
  const [time] = await times('match_day');
  const friendly = { home_team: team_id, away_team: second };
  await ask('agree_friendly', { ...friendly, rink_time_id: time as string });
  expect(await attempt('agree_friendly', { ...friendly, rink_time_id: time as string })).toMatchObject({ fault: 'conflict' });
  const closed = await get('find_cup', 'cup_id', { cup_name: say.other_cup as string });
  expect(await attempt('enter_team', { cup_id: closed, team_id })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('closed') });
});
