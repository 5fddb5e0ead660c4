import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { enough, findId, fromCents, money, notPast, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { GEARS, SYSTEMS, type CarState } from './state';

const tool = toolsOn<CarState>();

// ---- fields that several tools share ----

const placeId = (what: string): z.ZodString => ref('place_id', `Identifier of ${what}, as given by find_place`);
const findingCode = ref('finding_code', 'Code of a finding about the car');
const crowns = (what: string): z.ZodNumber => money(what, 'crowns');
const tripId = ref('trip_id', 'Identifier of the trip, as given by power_up');
const stretchId = ref('stretch_id', 'Identifier of the stretch driven in the present gear, as given by choose_gear');
const gear = z.enum(GEARS);

// ---- needs ----

const identified: Need<CarState, unknown> = must('precondition', (state) => state.driver.identified, () => 'The car does not know its driver. Identify the driver first.');
/** The power is on, for the trip that the arguments name. */
const onTrip: Need<CarState, { trip_id: string }>[] = [
  must('precondition', (state) => state.motion.powered, () => 'The power is off.'),
  must('not_found', (state, args) => state.motion.trip === args.trip_id, (args) => `\`${args.trip_id}\` is not the trip under way.`),
];
/** The arguments name the stretch that the present gear began. */
const onStretch: Need<CarState, { stretch_id: string }>[] = [
  must('precondition', (state) => state.motion.gear !== 'park', () => 'The car is in park; this needs a gear to drive or climb.'),
  must('not_found', (state, args) => state.motion.stretch === args.stretch_id, (args) => `\`${args.stretch_id}\` is not the stretch under way.`),
];
const doorsSecured: Need<CarState, unknown> = must('precondition', (state) => state.motion.doorsSecured, () => 'The doors are not secured.');
const brakeHeld: Need<CarState, unknown> = must('precondition', (state) => state.motion.brakeHeld, () => 'The brake is not held.');
const inPark: Need<CarState, unknown> = must('precondition', (state) => state.motion.gear === 'park', (_args, state) => `The car is in ${state.motion.gear}; this needs park.`);
const placeExists = <A>(id: (args: A) => string): Need<CarState, A> => exists('place', (state) => state.places, id);
const findingExists = exists<CarState, { finding_code: string }>('finding', (state) => state.findings, (args) => args.finding_code);

const rounded = (litres: number): number => Math.round(litres * 10) / 10;

// ---- driving ----

const identifyDriver = tool({
  name: 'identify_driver',
  about: 'Identify the driver by code. The car greets the driver with the gravest finding of its last trip.',
  in: z.strictObject({ driver_code: ref('driver_code', 'Five-digit code of the driver') }),
  out: z.object({
    driver_name: z.string().describe('Name of the driver'),
    litres_left: z.number().describe('Fuel in the tank, in litres'),
    finding_code: findingCode,
    finding: z.string().describe('What the finding says'),
  }),
  writes: ['driver'],
  needs: [must('not_found', (state, args) => state.driver.code === args.driver_code, () => 'No driver of this car has this code.')],
  run: ({ state }) => {
    state.driver.identified = true;
    const grave = rowsOf(state.findings);
    const [finding_code, row] = grave.find(([, one]) => one.severity === 'serious') ?? grave[0] as [string, CarState['findings'][string]];
    return { driver_name: state.driver.name, litres_left: state.tank.litres, finding_code, finding: `${row.system}: ${row.text}` };
  },
});

const secureDoors = tool({
  name: 'secure_doors',
  about: 'Close and secure all doors.',
  in: z.strictObject({}),
  out: z.object({ cabin_degrees: z.number().describe('Temperature in the cabin, in degrees Celsius'), seats_taken: z.int().describe('Seats on which somebody sits') }),
  writes: ['motion'],
  needs: [must('conflict', (state) => !state.motion.doorsSecured, () => 'The doors are secured already.')],
  run: ({ state }) => {
    state.motion.doorsSecured = true;
    const rng = createRng(`${state.salt}/cabin`);
    return { cabin_degrees: rng.int(120, 290) / 10, seats_taken: rng.int(1, 5) };
  },
});

const releaseDoors = tool({
  name: 'release_doors',
  about: 'Release the doors so that people can get out. Only in park, with the power cut.',
  in: z.strictObject({}),
  out: z.object({ outside_degrees: z.number().describe('Temperature outside, in degrees Celsius'), kerb_side: z.enum(['left', 'right']).describe('Side on which the kerb is') }),
  writes: ['motion'],
  needs: [
    inPark,
    must('precondition', (state) => !state.motion.powered, () => 'The power is on. Cut it before the doors are released.'),
    must('conflict', (state) => state.motion.doorsSecured, () => 'The doors are released already.'),
  ],
  run: ({ state }) => {
    state.motion.doorsSecured = false;
    const rng = createRng(`${state.salt}/outside`);
    return { outside_degrees: rng.int(-40, 280) / 10, kerb_side: rng.pick(['left', 'right'] as const) };
  },
});

const holdBrake = tool({
  name: 'hold_brake',
  about: 'Press the brake and hold it while the car stands. It lets go when the car drives off.',
  in: z.strictObject({}),
  out: z.object({ brake_bar: z.int().describe('Pressure of the brake, in bar'), slope_percent: z.number().describe('Slope of the road, in percent') }),
  writes: ['motion'],
  needs: [
    must('precondition', (state) => state.motion.speed === 0, () => 'The car is moving. Halt it instead.'),
    must('conflict', (state) => !state.motion.brakeHeld, () => 'The brake is held already.'),
  ],
  run: ({ state }) => {
    state.motion.brakeHeld = true;
    const rng = createRng(`${state.salt}/slope`);
    return { brake_bar: rng.int(38, 74), slope_percent: rng.int(-60, 60) / 10 };
  },
});

const powerUp = tool({
  name: 'power_up',
  about: 'Power the car up, with its doors secured and fuel in the tank. A trip begins.',
  in: z.strictObject({}),
  out: z.object({ trip_id: tripId, range_kilometres: z.int().describe('How far the fuel lasts, in kilometres'), battery_volts: z.number().describe('Voltage of the battery') }),
  writes: ['motion'],
  needs: [
    identified,
    must('conflict', (state) => !state.motion.powered, () => 'The power is on already.'),
    doorsSecured,
    must('precondition', (state) => state.tank.litres > 0, () => 'The tank is empty.'),
  ],
  run: ({ state, id }) => {
    const trip_id = id('TP', 'trip', {});
    Object.assign(state.motion, { powered: true, trip: trip_id });
    return { trip_id, range_kilometres: Math.floor(state.tank.litres * 15), battery_volts: createRng(`${state.salt}/volts`).int(118, 131) / 10 };
  },
});

const powerDown = tool({
  name: 'power_down',
  about: 'Cut the power, which ends the trip and its guidance. Only in park.',
  in: z.strictObject({ trip_id: tripId }),
  out: z.object({ trip_minutes: z.int().describe('Minutes since the power came on'), odometer: z.int().describe('Kilometres that the car has gone in all') }),
  writes: ['motion'],
  needs: [...onTrip, inPark],
  run: ({ state }) => {
    Object.assign(state.motion, { powered: false, trip: null, stretch: null, route: null });
    const rng = createRng(`${state.salt}/trip`);
    return { trip_minutes: rng.int(11, 90), odometer: rng.int(8000, 140_000) };
  },
});

const chooseGear = tool({
  name: 'choose_gear',
  about: 'Choose a gear while the car stands, with the power on and the brake held.',
  in: z.strictObject({ trip_id: tripId, gear: gear.describe('Gear to choose') }),
  out: z.object({ stretch_id: stretchId, gear_before: gear.describe('Gear until now'), engine_turns: z.int().describe('Turns of the engine per minute') }),
  writes: ['motion'],
  needs: [
    ...onTrip,
    must('precondition', (state) => state.motion.speed === 0, () => 'The car is moving. Halt it first.'),
    brakeHeld,
    must('conflict', (state, args) => state.motion.gear !== args.gear, (args) => `The car is in ${args.gear} already.`),
  ],
  run: ({ state, id }, args) => {
    const gear_before = state.motion.gear;
    const stretch_id = id('SR', args.gear, {});
    Object.assign(state.motion, { gear: args.gear, stretch: stretch_id });
    return { stretch_id, gear_before, engine_turns: createRng(`${state.salt}/turns/${args.gear}`).int(680, 940) };
  },
});

const holdSpeed = tool({
  name: 'hold_speed',
  about: 'Drive at a speed and hold it, in a gear to drive or climb. On a route that is followed, not above its limit.',
  in: z.strictObject({ stretch_id: stretchId, speed: z.int().min(30).max(130).describe('Speed to hold, in kilometres per hour') }),
  out: z.object({ litres_per_hundred: z.number().describe('Fuel used at this speed, in litres per 100 kilometres'), seconds_to_speed: z.int().describe('Seconds until the speed is reached') }),
  writes: ['motion'],
  needs: [
    ...onStretch,
    must('conflict', (state, args) => state.motion.speed !== args.speed, (args) => `The car goes at ${args.speed} already.`),
    must('conflict', (state, args) => args.speed <= limitNow(state), (_args, state) => `The limit of the route is ${limitNow(state)}.`),
  ],
  run: ({ state }, args) => {
    const change = Math.abs(args.speed - state.motion.speed);
    Object.assign(state.motion, { speed: args.speed, brakeHeld: false });
    return { litres_per_hundred: rounded((state.motion.gear === 'climb' ? 6 : 4) + args.speed / 40 + createRng(`${state.salt}/use/${args.speed}`).float()), seconds_to_speed: 2 + Math.round(change / 7) };
  },
});

const limitNow = (state: CarState): number => (state.motion.route === null ? 130 : rowOf(state.routes, state.motion.route).limit);

const haltCar = tool({
  name: 'halt_car',
  about: 'Bring the moving car to a stand and hold the brake.',
  in: z.strictObject({ stretch_id: stretchId }),
  out: z.object({ braking_metres: z.int().describe('Way to the stand, in metres'), speed_before: z.int().describe('Speed until now, in kilometres per hour') }),
  writes: ['motion'],
  needs: [...onStretch, must('precondition', (state) => state.motion.speed > 0, () => 'The car stands already.')],
  run: ({ state }) => {
    const { speed } = state.motion;
    Object.assign(state.motion, { speed: 0, brakeHeld: true });
    return { braking_metres: Math.round((speed / 10) ** 2 / 2 + (speed * 3) / 10), speed_before: speed };
  },
});

// ---- places, routes, fuel ----

const findPlace = tool({
  name: 'find_place',
  about: 'Find a place by its name, with the identifier by which routes, petrol stations and workshops are found.',
  in: z.strictObject({ place_name: ref('place_name', 'Name of the place') }),
  out: z.object({ place_id: placeId('the place'), parking_spaces: z.int().describe('Free parking spaces there'), parking_per_hour: crowns('Price of parking for an hour') }),
  needs: [must('not_found', (state, args) => findId(state.places, (row) => sameName(row.name, args.place_name)) !== undefined, (args) => `No place is known as \`${args.place_name}\`.`)],
  run: ({ state }, args) => {
    const place_id = findId(state.places, (row) => sameName(row.name, args.place_name)) as string;
    const rng = createRng(`${state.salt}/parking/${place_id}`);
    return { place_id, parking_spaces: rng.int(11, 160), parking_per_hour: fromCents(rng.int(4, 30) * 20) };
  },
});

const planRoute = tool({
  name: 'plan_route',
  about: 'Plan the route from one place to another.',
  in: z.strictObject({ from_place: placeId('the place to leave from'), to_place: placeId('the place to go to') }),
  out: z.object({
    route_id: ref('route_id', 'Identifier of the route'),
    kilometres: z.int().describe('Length of the route'),
    minutes: z.int().describe('Time it takes'),
    litres_needed: z.number().describe('Fuel it takes, in litres'),
  }),
  writes: ['routes'],
  needs: [
    placeExists((args) => args.from_place),
    placeExists((args) => args.to_place),
    must('invalid_args', (_state, args) => args.from_place !== args.to_place, () => 'The route starts and ends at the same place.'),
  ],
  run: ({ state, id }, args) => {
    const key = `${args.from_place}/${args.to_place}`;
    const rng = createRng(`${state.salt}/route/${key}`);
    const kilometres = rng.int(18, 190);
    const litres = rounded((kilometres * rng.int(55, 80)) / 1000);
    // The same two places always give the same route.
    const route_id = id('RT', key, {});
    state.routes[route_id] = { from: args.from_place, to: args.to_place, litres, limit: rng.pick([70, 80, 90, 100, 110]) };
    return { route_id, kilometres, minutes: Math.round(kilometres * 0.9 + rng.int(4, 25)), litres_needed: litres };
  },
});

const startGuidance = tool({
  name: 'start_guidance',
  about: 'Guide the driver along a planned route. The tank must hold enough for all of it.',
  in: z.strictObject({ route_id: ref('route_id', 'Identifier of the route, as given by plan_route') }),
  out: z.object({
    first_instruction: z.string().describe('What to do first'),
    speed_limit: z.int().describe('Highest speed on the route, in kilometres per hour'),
    litres_at_arrival: z.number().describe('Fuel that will be left, in litres'),
  }),
  writes: ['motion'],
  needs: [
    identified,
    exists('route', (state) => state.routes, (args) => args.route_id),
    must('conflict', (state, args) => state.motion.route !== args.route_id, () => 'This route is being followed already.'),
    must('conflict', (state, args) => state.motion.speed <= rowOf(state.routes, args.route_id).limit, (args, state) => `The car is faster than the limit of the route, ${rowOf(state.routes, args.route_id).limit}.`),
    enough('the tank', 'litres', (state) => state.tank.litres, (args, state) => rowOf(state.routes, args.route_id).litres),
  ],
  run: ({ state }, args) => {
    const { litres, limit } = rowOf(state.routes, args.route_id);
    state.motion.route = args.route_id;
    const rng = createRng(`${state.salt}/first/${args.route_id}`);
    return {
      first_instruction: `${rng.pick(['Turn left', 'Turn right', 'Keep straight', 'Take the second exit'])} after ${rng.int(2, 19) * 50} metres`,
      speed_limit: limit,
      litres_at_arrival: rounded(state.tank.litres - litres),
    };
  },
});

const listStations = tool({
  name: 'list_stations',
  about: 'List the petrol stations at a place with their prices.',
  in: z.strictObject({ place_id: placeId('the place') }),
  out: z.object({
    stations: z.array(z.object({
      station_id: ref('station_id', 'Identifier of the station'),
      name: z.string().describe('Name of the station'),
      per_litre: crowns('Price of a litre'),
    })).describe('The stations in the order of their names'),
    open_until: z.string().describe('Time at which the last one closes, as HH:MM'),
  }),
  needs: [placeExists((args) => args.place_id)],
  run: ({ state }, args) => ({
    stations: sortedBy(rowsOf(state.stations, (row) => row.place === args.place_id), ([, row]) => row.name).map(([station_id, row]) => ({ station_id, name: row.name, per_litre: fromCents(row.centsPerLitre) })),
    open_until: createRng(`${state.salt}/open/${args.place_id}`).pick(['20:30', '21:15', '22:00', '22:45', '23:30']),
  }),
});

const buyFuel = tool({
  name: 'buy_fuel',
  about: 'Buy fuel at a petrol station, with the power cut and no more than the tank takes.',
  in: z.strictObject({
    station_id: ref('station_id', 'Identifier of the station, as given by list_stations'),
    litres: z.number().min(1).max(60).describe('How much to buy, in litres'),
  }),
  out: z.object({ price: crowns('Price of the fuel'), litres_in_tank: z.number().describe('Fuel in the tank afterwards, in litres'), pump: z.int().describe('Number of the pump') }),
  writes: ['tank'],
  needs: [
    identified,
    exists('petrol station', (state) => state.stations, (args) => args.station_id),
    must('precondition', (state) => !state.motion.powered, () => 'The power is on. Cut it before buying fuel.'),
    must('conflict', (state, args) => state.tank.litres + args.litres <= state.tank.capacity, (_args, state) => `The tank takes ${rounded(state.tank.capacity - state.tank.litres)} litres more.`),
  ],
  run: ({ state }, args) => {
    state.tank.litres = rounded(state.tank.litres + args.litres);
    return {
      price: fromCents(args.litres * rowOf(state.stations, args.station_id).centsPerLitre),
      litres_in_tank: state.tank.litres,
      pump: createRng(`${state.salt}/pump/${args.station_id}`).int(1, 16),
    };
  },
});

// ---- repairs ----

const diagnoseSystem = tool({
  name: 'diagnose_system',
  about: 'Diagnose a system of the car. Appointments are made for the finding.',
  in: z.strictObject({ system: z.enum(SYSTEMS).describe('System to look at') }),
  out: z.object({
    finding_code: findingCode,
    finding: z.string().describe('What was found'),
    severity: z.enum(['note', 'minor', 'serious']).describe('How bad it is'),
    safe_kilometres: z.int().describe('How far the car can safely go with it'),
  }),
  needs: [identified],
  run: ({ state }, args) => {
    const [finding_code, row] = rowsOf(state.findings, (one) => one.system === args.system)[0] as [string, CarState['findings'][string]];
    return { finding_code, finding: row.text, severity: row.severity, safe_kilometres: createRng(`${state.salt}/safe/${finding_code}`).int(8, 90) * 10 };
  },
});

const listAppointments = tool({
  name: 'list_appointments',
  about: 'List the free appointments at the workshop of a place for a finding, from a day on, with the price of the repair there.',
  in: z.strictObject({
    place_id: placeId('the place'),
    finding_code: findingCode,
    from_day: day('First day that would do, as YYYY-MM-DD'),
  }),
  out: z.object({
    workshop: z.string().describe('Name of the workshop'),
    repair_price: crowns('Price of the repair'),
    appointments: z.array(z.object({
      appointment_id: ref('appointment_id', 'Identifier of the appointment'),
      on: z.iso.date().describe('Day of the appointment'),
      at: z.string().describe('Time of the appointment, as HH:MM'),
    })).describe('The appointments, soonest first'),
  }),
  needs: [placeExists((args) => args.place_id), findingExists, notPast((args) => args.from_day, 60)],
  run: ({ state }, args) => {
    const here = sortedBy(rowsOf(state.slots, (row) => row.place === args.place_id), ([, row]) => row.on);
    return {
      workshop: here[0]?.[1].workshop ?? '',
      repair_price: fromCents(priceAt(state, args.place_id, args.finding_code)),
      appointments: here.filter(([, row]) => row.booking === null && row.on >= args.from_day).map(([appointment_id, row]) => ({ appointment_id, on: row.on, at: row.at })),
    };
  },
});

/** Workshops differ by up to a fifth. */
const priceAt = (state: CarState, place: string, finding: string): number => Math.round((rowOf(state.findings, finding).cents * createRng(`${state.salt}/rate/${place}`).int(90, 110)) / 100);

const bookWorkshopVisit = tool({
  name: 'book_workshop_visit',
  about: 'Book a free appointment for a finding. A finding has one appointment at a time.',
  in: z.strictObject({
    appointment_id: ref('appointment_id', 'Identifier of the appointment, as given by list_appointments'),
    finding_code: findingCode,
    phone_number: ref('phone_number', 'Telephone number at which the driver can be reached'),
  }),
  out: z.object({
    booking_number: ref('booking_number', 'Number of the booking'),
    price: crowns('Price of the repair'),
    ready_by: z.iso.date().describe('Day on which the car will be ready'),
  }),
  writes: ['slots', 'bookings'],
  needs: [
    identified,
    exists('appointment', (state) => state.slots, (args) => args.appointment_id),
    findingExists,
    must('conflict', (state, args) => rowOf(state.slots, args.appointment_id).booking === null, (args) => `Appointment \`${args.appointment_id}\` is taken.`),
    must('conflict', (state, args) => findId(state.bookings, (row) => row.finding === args.finding_code) === undefined, (args) => `Finding \`${args.finding_code}\` has an appointment already.`),
  ],
  run: ({ state, id }, args) => {
    const slot = rowOf(state.slots, args.appointment_id);
    const cents = priceAt(state, slot.place, args.finding_code);
    const booking_number = id('BK', `${args.appointment_id}/${args.finding_code}`, state.bookings);
    state.bookings[booking_number] = { slot: args.appointment_id, finding: args.finding_code, phone: args.phone_number, cents };
    slot.booking = booking_number;
    return { booking_number, price: fromCents(cents), ready_by: addDays(slot.on, createRng(`${state.salt}/ready/${args.finding_code}`).int(0, 4)) };
  },
});

const NOTICE_DAYS = 2;

const callOffAppointment = tool({
  name: 'call_off_appointment',
  about: `Call a booked appointment off, up to ${NOTICE_DAYS} days before.`,
  in: z.strictObject({ booking_number: ref('booking_number', 'Number of the booking, as given by book_workshop_visit') }),
  out: z.object({ fee: crowns('Fee of the workshop'), freed_day: z.iso.date().describe('Day that is free again') }),
  writes: ['slots', 'bookings'],
  needs: [
    identified,
    exists('booking', (state) => state.bookings, (args) => args.booking_number),
    must('precondition', (state, args) => daysBetween(state.today, slotOf(state, args).on) >= NOTICE_DAYS, (args, state) => `The appointment is on ${slotOf(state, args).on}, which is too soon.`),
  ],
  run: ({ state }, args) => {
    const slot = slotOf(state, args);
    const { cents } = rowOf(state.bookings, args.booking_number);
    slot.booking = null;
    delete state.bookings[args.booking_number];
    return { fee: fromCents(Math.round(cents / 20)), freed_day: slot.on };
  },
});

const slotOf = (state: CarState, args: { booking_number: string }): CarState['slots'][string] => rowOf(state.slots, rowOf(state.bookings, args.booking_number).slot);

/** The tools of the car, as its voice assistant would be given them. */
export const carTools: readonly DomainTool<CarState>[] = [
  identifyDriver, secureDoors, releaseDoors, holdBrake, powerUp, powerDown, chooseGear, holdSpeed, haltCar,
  findPlace, planRoute, startGuidance, listStations, buyFuel,
  diagnoseSystem, listAppointments, bookWorkshopVisit, callOffAppointment,
];
