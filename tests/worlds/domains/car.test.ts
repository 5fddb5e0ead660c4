import { createCarWorld } from '../../../src/worlds/builtin/car';
import { rowsIn, talkTo } from '../../fixtures/talk';

/** A car that knows its driver. */
async function withDriver() {
  const talk = await talkTo(createCarWorld());
  const { say, ask, get } = talk;
  const greeting = await ask('identify_driver', { driver_code: say.driver_code as string });
  const place = (name: string): Promise<string> => get('find_place', 'place_id', { place_name: say[name] as string });
  const start = async (): Promise<string> => {
    await ask('secure_doors');
    await ask('hold_brake');
    return get('power_up', 'trip_id');
  };
  return { ...talk, greeting, place, start };
}

test('from the driver code to a held speed and back to released doors', async () => {
  const { ask, attempt, get, say, start } = await withDriver();
  expect(await attempt('power_up')).toMatchObject({ fault: 'precondition', message: expect.stringContaining('doors') });
  const trip_id = await start();
  const stretch_id = await get('choose_gear', 'stretch_id', { trip_id, gear: 'drive' });
  await ask('hold_speed', { stretch_id, speed: Number(say.calm_speed) });
  expect(await attempt('choose_gear', { trip_id, gear: 'park' })).toMatchObject({ fault: 'precondition' });
  expect(await ask('halt_car', { stretch_id })).toMatchObject({ speed_before: say.calm_speed });
  expect(await attempt('power_down', { trip_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('park') });
  expect(await ask('choose_gear', { trip_id, gear: 'park' })).toMatchObject({ gear_before: 'drive' });
  expect(await attempt('hold_speed', { stretch_id, speed: 50 })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('park') });
  expect(await attempt('release_doors')).toMatchObject({ fault: 'precondition', message: expect.stringContaining('power') });
  await ask('power_down', { trip_id });
  await ask('release_doors');
  expect(await attempt('release_doors')).toMatchObject({ fault: 'conflict' });
});

test('a route is followed with enough fuel only, and its limit holds', async () => {
  const { ask, attempt, get, say, place, start } = await withDriver();
  const places = await Promise.all(['home_place', 'work_place', 'choir_place', 'friend_place'].map(place));
  const pairs = places.flatMap((from_place) => places.filter((to) => to !== from_place).map((to_place) => ({ from_place, to_place })));
  const routes = [];
  for (const pair of pairs) routes.push(await ask('plan_route', pair));
  const longest = routes.sort((a, b) => (b.litres_needed as number) - (a.litres_needed as number))[0];
  const route_id = longest?.route_id as string;
  expect(await attempt('start_guidance', { route_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('litres') });
  const trip_id = await start();
  const stations = rowsIn(await ask('list_stations', { place_id: places[0] as string }), 'stations');
  const fuel = { station_id: stations[0]?.station_id as string, litres: Number(say.many_litres) };
  expect(await attempt('buy_fuel', fuel)).toMatchObject({ fault: 'precondition' });
  await ask('power_down', { trip_id });
  expect((await ask('buy_fuel', fuel)).price).toBeCloseTo(fuel.litres * (stations[0]?.per_litre as number), 1);
  const guidance = await ask('start_guidance', { route_id });
  const stretch_id = await get('choose_gear', 'stretch_id', { trip_id: await get('power_up', 'trip_id'), gear: 'climb' });
  expect(await attempt('hold_speed', { stretch_id, speed: (guidance.speed_limit as number) + 5 })).toMatchObject({ fault: 'conflict' });
  await ask('hold_speed', { stretch_id, speed: guidance.speed_limit as number });
});

test('a finding gets one appointment, which can be called off and booked again', async () => {
  const { ask, attempt, get, say, greeting, place } = await withDriver();
  const finding_code = greeting.finding_code as string;
  const free = await ask('list_appointments', { place_id: await place('work_place'), finding_code, from_day: say.later_day as string });
  const [first, second] = rowsIn(free, 'appointments').map((row) => row.appointment_id as string) as [string, string];
  const book = (appointment_id: string) => ({ appointment_id, finding_code, phone_number: say.phone_number as string });
  const booked = await ask('book_workshop_visit', book(first));
  expect(booked.price).toBe(free.repair_price);
  expect(await attempt('book_workshop_visit', book(second))).toMatchObject({ fault: 'conflict' });
  await ask('call_off_appointment', { booking_number: booked.booking_number as string });
  await get('book_workshop_visit', 'booking_number', book(second));
});

test('the car is powered and diagnosed by its driver only', async () => {
  const stranger = await talkTo(createCarWorld());
  await stranger.ask('secure_doors');
  await stranger.ask('hold_brake');
  expect(await stranger.attempt('power_up')).toMatchObject({ fault: 'precondition', message: expect.stringContaining('Identify') });
  expect(await stranger.attempt('diagnose_system', { system: 'braking' })).toMatchObject({ fault: 'precondition' });
  const { ask, greeting } = await withDriver();
  const system = String(greeting.finding).split(':')[0] as string;
  expect(await ask('diagnose_system', { system })).toMatchObject({ finding_code: greeting.finding_code });
});
