import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('meetings');

const PERSON = [out('find_colleague', '/person_id')];
const ROOM = [out('list_rooms', '/rooms/*/room_id')];
const HOLD = [out('hold_room', '/hold_id')];
const MEETING = [out('create_meeting', '/meeting_id'), out('list_meetings', '/meetings/*/meeting_id')];
const BEHIND_DIARY = [
  'find_colleague', 'common_hours', 'hold_room', 'create_meeting', 'list_meetings', 'meeting_details', 'invite_person', 'send_invitations',
  'record_answer', 'confirm_meeting', 'move_meeting', 'order_refreshments',
];

/** What the planner's tools need of each other. Orders of statuses that a seed offers from the start are not listed. */
export const MEETINGS_EDGES: readonly TrueGroup[] = [
  data('common_hours', '/first_person', PERSON),
  data('common_hours', '/second_person', PERSON),
  data('invite_person', '/person_id', PERSON),
  data('list_rooms', '/building_id', [out('find_building', '/building_id')]),
  data('room_hours', '/room_id', ROOM),
  data('hold_room', '/room_id', ROOM),
  data('hold_room', '/hour_id', [out('common_hours', '/hours/*/hour_id'), out('room_hours', '/hours/*/hour_id')]),
  data('create_meeting', '/hold_id', HOLD),
  data('move_meeting', '/new_hold', HOLD),
  ...['meeting_details', 'invite_person', 'send_invitations', 'confirm_meeting', 'move_meeting', 'order_refreshments'].map((tool) => data(tool, '/meeting_id', MEETING)),
  data('record_answer', '/invitation_id', [out('invite_person', '/invitation_id'), out('meeting_details', '/invited/*/invitation_id')]),
  ...BEHIND_DIARY.map((tool) => state(tool, 'open_diary')),
  data('find_building', '/building_name', [out('find_colleague', '/usual_building')], 'optional'),
  data('find_colleague', '/full_name', [out('meeting_details', '/invited/*/person_name')], 'optional'),
  ...['common_hours', 'room_hours'].map((tool) => data(tool, '/date', [out('list_meetings', '/meetings/*/takes_place_on')], 'optional')),
];
