import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('league');

const TEAM = [out('find_team', '/team_id')];
const CUP = [out('find_cup', '/cup_id')];
const TIME = [out('rink_times', '/free_times/*/rink_time_id')];
const MATCH = [out('draw_bracket', '/matches/*/match_id'), out('show_bracket', '/matches/*/match_id'), out('agree_friendly', '/match_id')];
const BEHIND_OFFICE = ['sign_player', 'enter_team', 'name_to_roster', 'draw_bracket', 'agree_friendly', 'schedule_match', 'play_match'];

/**
 * What the game's tools need of each other. A match is scheduled before it is played, by `schedule_match` or as a
 * friendly; a seed has no scheduled match, so that is listed. A draw is not: a seed has a drawn cup.
 */
export const LEAGUE_EDGES: readonly TrueGroup[] = [
  ...['list_squad', 'sign_player', 'enter_team'].map((tool) => data(tool, '/team_id', TEAM)),
  data('agree_friendly', '/home_team', TEAM),
  data('agree_friendly', '/away_team', TEAM),
  data('sign_player', '/player_id', [out('find_player', '/player_id')]),
  ...['enter_team', 'draw_bracket', 'show_bracket', 'cup_standings'].map((tool) => data(tool, '/cup_id', CUP)),
  data('name_to_roster', '/entry_id', [out('enter_team', '/entry_id')]),
  data('name_to_roster', '/pass_number', [out('sign_player', '/pass_number'), out('list_squad', '/squad/*/pass_number')]),
  data('rink_times', '/rink_id', [out('find_rink', '/rink_id')]),
  data('schedule_match', '/rink_time_id', TIME),
  data('agree_friendly', '/rink_time_id', TIME),
  data('schedule_match', '/match_id', MATCH),
  data('play_match', '/match_id', MATCH),
  ...BEHIND_OFFICE.map((tool) => state(tool, 'open_office')),
  state('play_match', 'schedule_match', 'agree_friendly'),
  data('find_player', '/player_name', [out('list_squad', '/squad/*/player_name')], 'optional'),
  data('find_team', '/team_name', [
    ...['draw_bracket', 'show_bracket'].flatMap((tool) => [out(tool, '/matches/*/home_team_name'), out(tool, '/matches/*/away_team_name')]),
    out('cup_standings', '/standings/*/team_name'),
  ], 'optional'),
  data('find_rink', '/town', [out('find_team', '/home_town')], 'optional'),
];
