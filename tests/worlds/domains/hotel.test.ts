import { createHotelWorld } from '../../../src/worlds/builtin/hotel';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

const world = createHotelWorld();

/** A member who has found the double rooms of a hotel in the wedding city. */
async function found() {
  const chat = await talkTo(world);
  const { say, ask, get } = chat;
  const city_code = await get('find_city', 'city_code', { city: say.wedding_city as string });
  const { hotel_id } = rowsIn(await ask('hotels_in_city', { city_code, arrival: say.tonight as string }), 'hotels')[0] as { hotel_id: string };
  const { room_type_id } = rowWith(await ask('list_room_types', { hotel_id }), 'room_types', { sleeps: 2 }) as { room_type_id: string };
  const identify = () => ask('identify_member', { club_number: say.club_number as string, last_name: say.last_name as string });
  return { ...chat, room_type_id, identify };
}

describe('hotel', () => {
  test('a room for tonight is found, held, confirmed and moved into; the bill adds up', async () => {
    const { ask, get, say, room_type_id, identify } = await found();
    await identify();
    const held = await ask('hold_room', { room_type_id, arrival: say.tonight as string, nights: 2, guests: 2 });
    const reservation_id = await get('confirm_hold', 'reservation_id', { hold_id: held.hold_id as string, guest_name: say.own_name as string, guarantee: 'card_on_file' });
    const { price_with_extras } = await ask('add_extra', { reservation_id, extra: 'breakfast' });
    expect(price_with_extras).toBeCloseTo((held.stay_price as number) + 33, 2);
    const stay_id = await get('check_in', 'stay_id', { reservation_id });
    const { order_price } = await ask('order_to_room', { stay_id, dish: 'pot_of_tea', portions: 2 });
    const bill = await ask('check_out', { stay_id });
    expect(bill.bill_total).toBeCloseTo((price_with_extras as number) + (order_price as number) + (bill.city_tax as number), 2);
  });

  test('two landmarks lead to two hotels that can be compared', async () => {
    const { ask, get, attempt, say } = await found();
    const first_hotel = await get('nearest_hotel', 'hotel_id', { landmark: say.concert_landmark as string });
    const second_hotel = await get('nearest_hotel', 'hotel_id', { landmark: say.meeting_landmark as string });
    expect((await ask('compare_hotels', { first_hotel, second_hotel })).price_difference).toBeGreaterThanOrEqual(0);
    expect(await attempt('compare_hotels', { first_hotel, second_hotel: first_hotel })).toMatchObject({ fault: 'invalid_args' });
  });

  test('nothing is held for a stranger, nor for more guests than beds, nor when the last room has gone', async () => {
    const { ask, attempt, say, room_type_id, identify } = await found();
    const wanted = { room_type_id, arrival: say.weekend_arrival as string, nights: 2 };
    expect(await attempt('hold_room', wanted)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('signed in') });
    await identify();
    expect(await attempt('hold_room', { ...wanted, guests: 3 })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('sleeps 2') });
    const { rooms_free } = await ask('room_availability', wanted);
    for (let room = 0; room < (rooms_free as number); room++) await ask('hold_room', wanted);
    expect(await attempt('hold_room', wanted)).toMatchObject({ fault: 'conflict' });
  });

  test('check-in waits for the day of arrival and closes the reservation to changes', async () => {
    const { ask, attempt, identify, say } = await found();
    await identify();
    const list = await ask('list_reservations');
    const later = rowsIn(list, 'reservations').at(-1)?.reservation_id as string;
    expect(await attempt('check_in', { reservation_id: later })).toMatchObject({ fault: 'precondition' });
    expect((await ask('call_off_stay', { reservation_id: later })).cancellation_fee).toBe(0);
    const today = rowWith(list, 'reservations', { arrives_on: say.tonight as string }).reservation_id as string;
    await ask('check_in', { reservation_id: today });
    expect(await attempt('call_off_stay', { reservation_id: today })).toMatchObject({ fault: 'conflict' });
  });
});
