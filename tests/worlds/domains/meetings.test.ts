import { createMeetingsWorld } from '../../../src/worlds/builtin/meetings';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

/** The diary is open; the user and an expert share hours, and a room of the user's building is free in one of them. */
async function planning() {
  const talk = await talkTo(createMeetingsWorld());
  const { say, ask, get, attempt } = talk;
  await ask('open_diary', { staff_number: say.staff_number as string, diary_pin: say.diary_pin as string });
  const user = await get('find_colleague', 'person_id', { full_name: say.own_name as string });
  const expert = await get('find_colleague', 'person_id', { full_name: say.expert as string });
  const building_id = await get('find_building', 'building_id', { building_name: say.own_building as string });
  const { hours } = await ask('common_hours', { first_person: user, second_person: expert, date: say.meeting_day as string });
  const rooms = rowsIn(await ask('list_rooms', { building_id }), 'rooms');
  const holds: { hold_id: string; room_id: string; hour_id: string }[] = [];
  for (const { hour_id } of hours as { hour_id: string }[]) {
    for (const { room_id } of rooms as { room_id: string }[]) {
      const held = await attempt('hold_room', { room_id, hour_id });
      if (held.ok) holds.push({ hold_id: (held.value as { hold_id: string }).hold_id, room_id, hour_id });
    }
  }
  const [first, second] = holds as [typeof holds[number], typeof holds[number]];
  const meeting_id = await get('create_meeting', 'meeting_id', { hold_id: first.hold_id, title: say.topic as string });
  return { ...talk, user, expert, first, second, holds, meeting_id };
}

test('an hour, a room, a meeting, an invitation, an answer: then the meeting is confirmed and opens its door', async () => {
  const { ask, get, attempt, expert, meeting_id, say } = await planning();
  expect(await attempt('send_invitations', { meeting_id })).toMatchObject({ fault: 'precondition' });
  const invitation_id = await get('invite_person', 'invitation_id', { meeting_id, person_id: expert });
  expect(await attempt('record_answer', { invitation_id, answer: 'accepted' })).toMatchObject({ fault: 'precondition' });
  expect(await ask('send_invitations', { meeting_id })).toMatchObject({ people_asked: 1 });
  expect(await attempt('confirm_meeting', { meeting_id })).toMatchObject({ fault: 'precondition' });
  await ask('record_answer', { invitation_id, answer: 'accepted' });
  expect(await ask('confirm_meeting', { meeting_id })).toMatchObject({ people_expected: 2, door_code: expect.stringMatching(/^\d{6}$/) });
  expect(await ask('list_meetings', { only: 'confirmed' })).toMatchObject({ meetings: expect.arrayContaining([expect.objectContaining({ meeting_id, title: say.topic })]) });
});

test('a room is held once for an hour, a hold carries one meeting, and the organiser has one meeting at a time', async () => {
  const { attempt, first, holds, say } = await planning();
  const title = say.second_topic as string;
  expect(await attempt('hold_room', { room_id: first.room_id, hour_id: first.hour_id })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('create_meeting', { hold_id: first.hold_id, title })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('carries a meeting') });
  const sameHour = holds.find((hold) => hold !== first && hold.hour_id === first.hour_id);
  if (sameHour) expect(await attempt('create_meeting', { hold_id: sameHour.hold_id, title })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('busy') });
});

test('a meeting that is moved asks everybody again; a confirmed one stays where it is', async () => {
  const { ask, get, attempt, expert, meeting_id, second } = await planning();
  const invitation_id = await get('invite_person', 'invitation_id', { meeting_id, person_id: expert });
  await ask('send_invitations', { meeting_id });
  await ask('record_answer', { invitation_id, answer: 'declined' });
  expect(await attempt('confirm_meeting', { meeting_id })).toMatchObject({ fault: 'conflict' });
  await ask('move_meeting', { meeting_id, new_hold: second.hold_id });
  expect(rowWith(await ask('meeting_details', { meeting_id }), 'invited', { invitation_id })).toMatchObject({ answer: 'open' });
  const { meetings } = await ask('list_meetings', { only: 'confirmed' });
  expect(await attempt('move_meeting', { meeting_id: (meetings as { meeting_id: string }[])[0]?.meeting_id as string, new_hold: second.hold_id })).toMatchObject({ fault: 'conflict' });
});

test('refreshments are ordered once, and not for a draft', async () => {
  const { ask, attempt, expert, meeting_id } = await planning();
  expect(await attempt('order_refreshments', { meeting_id, menu: 'coffee' })).toMatchObject({ fault: 'precondition' });
  await ask('invite_person', { meeting_id, person_id: expert });
  await ask('send_invitations', { meeting_id });
  expect(await ask('order_refreshments', { meeting_id, menu: 'coffee' })).toMatchObject({ total_price: 6.4 });
  expect(await attempt('order_refreshments', { meeting_id, menu: 'fruit_platter' })).toMatchObject({ fault: 'conflict' });
});
