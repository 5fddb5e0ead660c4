import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import { RINK_DAYS, type LeagueState } from './state';

/** What a manager could state: the way into the office, teams, players, cups and towns by name, and days. */
export function knownLeague(state: LeagueState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const teams = Object.values(state.teams).map(({ name }) => name);
  const free = Object.entries(state.players).filter(([id]) => Object.values(state.passes).every(({ player }) => player !== id)).map(([, { name }]) => name);
  const cups = Object.values(state.cups).map(({ name }) => name);
  const towns = Object.values(state.rinks).map(({ town }) => town);
  return [
    fact('manager_licence', state.manager.licence, "the number of the user's manager licence", 'manager_licence'),
    fact('office_password', state.manager.password, "the password of the user's office", 'office_password'),
    fact('own_team', teams[0], 'the team the user manages', 'team_name'),
    fact('rival_team', teams[1], "the rival of the user's team", 'team_name'),
    fact('second_team', teams[5], 'the second team the user looks after', 'team_name'),
    fact('wanted_player', free[0], 'the player the user has wanted for long', 'player_name'),
    fact('promising_player', free[1], 'the promising player the user has heard of', 'player_name'),
    fact('veteran_player', free[2], 'the veteran player who looks for a team', 'player_name'),
    fact('next_cup', cups[0], 'the cup the user wants to win next', 'cup_name'),
    fact('running_cup', cups[1], "the cup in which the user's team is still playing", 'cup_name'),
    fact('other_cup', cups[2], 'the cup the user only watches', 'cup_name'),
    fact('home_town', towns[0], 'the town in which the user would like to play', 'town'),
    fact('away_town', towns[1], 'the town in which the other side would like to play', 'town'),
    fact('match_day', addDays(state.today, rng.int(2, 8)), 'the day on which the user wants to play', 'date'),
    fact('second_match_day', addDays(state.today, rng.int(9, 16)), 'another day that suits both sides', 'date'),
    fact('late_match_day', addDays(state.today, rng.int(17, RINK_DAYS - 2)), 'the last day on which the user could play', 'date'),
  ];
}
