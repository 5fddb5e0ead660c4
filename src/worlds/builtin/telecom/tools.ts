import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { clock, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { CREDIT_CENTS_A_DAY, endOfCalls, FAULTS, FIX_STATUSES, NEEDS_ENGINEER, WINDOWS, type TelecomState } from './state';

const tool = toolsOn<TelecomState>();
type Fix = TelecomState['fixes'][string];
type Line = TelecomState['lines'][string];

// ---- fields ----

const lineId = (description: string): z.ZodString => ref('line_id', description);
const phoneNumber = ref('phone_number', 'Telephone number of the line');
const planName = ref('plan_name', 'Name of the plan');
const deviceId = ref('device_id', 'Code of the device on a line');
const testCode = ref('test_code', 'Code that allows one test of a device');
const diagnosisId = ref('diagnosis_id', 'Code of a diagnosis');
const fixOrderId = ref('fix_order_id', 'Code of a fix order');
const slotId = ref('engineer_slot_id', 'Code of a slot of an engineer');
const quoteId = ref('plan_quote_id', 'Code of a quote for a change of plan');
const fault = z.enum(FAULTS);

// ---- needs ----

const customer: Need<TelecomState, unknown> = signedIn();
const lineExists = <A>(id: (args: A) => string): Need<TelecomState, A> => exists('line', (state) => state.lines, id);
const lineWorks = <A>(id: (args: A) => string): Need<TelecomState, A> => must('precondition', (state, args) => rowOf(state.lines, id(args)).fault === 'no_fault', (args) => `Line \`${id(args)}\` does not work at present.`);
const deviceExists = exists<TelecomState, { device_id: string }>('device', (state) => state.devices, (args) => args.device_id);
const fixExists = exists<TelecomState, { fix_order_id: string }>('fix order', (state) => state.fixes, (args) => args.fix_order_id);
const fixIs = <A>(find: (args: A, state: TelecomState) => string, ...allowed: Fix['status'][]): Need<TelecomState, A> =>
  inStatus({ kind: 'Fix order', id: find, status: (state, args) => rowOf(state.fixes, find(args, state)).status, order: FIX_STATUSES, allowed });
const byEngineer = (yes: boolean): Need<TelecomState, { fix_order_id: string }> =>
  must('precondition', (state, args) => (rowOf(state.fixes, args.fix_order_id).fault === NEEDS_ENGINEER) === yes, (args) => (yes ? `Fix order \`${args.fix_order_id}\` is done from afar and needs no engineer.` : `Fix order \`${args.fix_order_id}\` needs an engineer on the spot.`));

// ---- reading the state ----

const lineOf = (state: TelecomState, id: string): Line => rowOf(state.lines, id);
const lineOfDevice = (state: TelecomState, device: string): string => findId(state.lines, (one) => one.device === device) as string;
const planOf = (state: TelecomState, name: string): string | undefined => Object.keys(state.plans).find((one) => sameName(one, name));
const lineStatus = (one: Line): 'working' | 'faulty' => (one.fault === 'no_fault' ? 'working' : 'faulty');
const lineState = z.enum(['working', 'faulty']).describe('Whether the line works');

// ---- the customer and the lines ----

const verifyCustomer = tool({
  name: 'verify_customer',
  about: 'Verify a customer by customer number and password. Everything about lines and plans needs a verified customer.',
  in: z.strictObject({ customer_number: ref('customer_number', 'Number of the customer'), password: ref('customer_password', 'Password of the customer') }),
  out: z.object({ customer_name: z.string().describe('Name of the customer'), credit: money('Credit of the customer'), customer_since: z.int().describe('Year since which they have been a customer') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.customer.number === args.customer_number, (args) => `There is no customer \`${args.customer_number}\`.`),
    must('precondition', (state, args) => state.customer.password === args.password, () => 'The password does not belong to this customer number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { customer_name: state.customer.name, credit: fromCents(state.account.creditCents), customer_since: createRng(`${state.salt}/since`).int(2008, 2029) };
  },
});

const findLine = tool({
  name: 'find_line',
  about: "Find one of the customer's lines by its telephone number. Everything else goes by line code.",
  in: z.strictObject({ phone_number: phoneNumber }),
  out: z.object({ line_id: lineId('Code of the line'), place: z.string().describe('Place where the line is'), plan_name: planName, status: lineState }),
  needs: [customer, must('not_found', (state, args) => findId(state.lines, (one) => sameName(one.phone, args.phone_number)) !== undefined, (args) => `The customer has no line \`${args.phone_number}\`.`)],
  run: ({ state }, args) => {
    const line_id = findId(state.lines, (one) => sameName(one.phone, args.phone_number)) as string;
    const found = lineOf(state, line_id);
    return { line_id, place: found.place, plan_name: found.plan, status: lineStatus(found) };
  },
});

const listLines = tool({
  name: 'list_lines',
  about: "List all the customer's lines with number, place, plan and status.",
  in: z.strictObject({}),
  out: z.object({
    lines: z.array(z.object({ line_id: lineId('Code of the line'), phone_number: phoneNumber, place: z.string().describe('Place where the line is'), plan_name: planName, status: lineState })).describe('The lines, by place'),
  }),
  needs: [customer],
  run: ({ state }) => ({ lines: sortedBy(rowsOf(state.lines), ([, one]) => one.place).map(([line_id, one]) => ({ line_id, phone_number: one.phone, place: one.place, plan_name: one.plan, status: lineStatus(one) })) }),
});

const lineDevice = tool({
  name: 'line_device',
  about: 'Show the device on a line: model, firmware, how often it was booted. Tests and reboots go by its code.',
  in: z.strictObject({ line_id: lineId('Code of the line') }),
  out: z.object({ device_id: deviceId, model: z.string().describe('Model of the device'), firmware: z.string().describe('Version of its firmware'), boots: z.int().describe('How often it has been booted') }),
  needs: [customer, lineExists((args) => args.line_id)],
  run: ({ state }, args) => {
    const { device } = lineOf(state, args.line_id);
    return { device_id: device, ...rowOf(state.devices, device) };
  },
});

const exchangeNotice = tool({
  name: 'exchange_notice',
  about: 'Read the notice of the exchange that serves a line: planned works and its load.',
  in: z.strictObject({ line_id: lineId('Code of the line') }),
  out: z.object({ exchange: z.string().describe('Name of the exchange'), works_on: z.iso.date().describe('Day of the next planned works'), load_percent: z.int().describe('Load of the exchange, in percent') }),
  needs: [customer, lineExists((args) => args.line_id)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/exchange/${args.line_id}`);
    return { exchange: rng.pick(['Marram Exchange', 'Pikehead Exchange', 'Lower Thrang Exchange', 'Cobbler Street Exchange']), works_on: addDays(state.today, rng.int(3, 40)), load_percent: rng.int(21, 96) };
  },
});

const forwardCalls = tool({
  name: 'forward_calls',
  about: "Forward the calls of one of the customer's lines to another that works. Not in a circle, and to one line only.",
  in: z.strictObject({ from_line: lineId('Code of the line whose calls are forwarded'), to_line: lineId('Code of the line that takes them') }),
  out: z.object({ rings_at: z.string().describe('Place where calls now ring'), rings_after_seconds: z.int().describe('Seconds until a call is passed on'), monthly_charge: money('Charge a month') }),
  writes: ['lines'],
  needs: [
    customer,
    lineExists((args) => args.from_line),
    lineExists((args) => args.to_line),
    must('precondition', (state, args) => endOfCalls(state, args.to_line) !== args.from_line, () => 'The calls would come back to the line they are forwarded from.'),
    must('conflict', (state, args) => lineOf(state, args.from_line).forwardsTo === null, (args) => `The calls of line \`${args.from_line}\` are forwarded already.`),
    lineWorks((args) => args.to_line),
  ],
  run: ({ state }, args) => {
    lineOf(state, args.from_line).forwardsTo = args.to_line;
    const rng = createRng(`${state.salt}/forward/${args.from_line}/${args.to_line}`);
    return { rings_at: lineOf(state, endOfCalls(state, args.to_line)).place, rings_after_seconds: rng.int(11, 35), monthly_charge: fromCents(rng.int(5, 19) * 10) };
  },
});

// ---- from the test to the fix ----

const requestTestCode = tool({
  name: 'request_test_code',
  about: 'Have a device show a test code. A device has one unused code at a time.',
  in: z.strictObject({ device_id: deviceId }),
  out: z.object({ test_code: testCode, light: z.string().describe('Colour in which the light of the device blinks'), pause_minutes: z.int().describe('Minutes for which the line rests during the test') }),
  writes: ['testCodes'],
  needs: [
    customer,
    deviceExists,
    must('conflict', (state, args) => !Object.values(state.testCodes).some((one) => one.device === args.device_id && !one.used), (args) => `Device \`${args.device_id}\` shows a test code that has not been used.`),
  ],
  run: ({ state, id }, args) => {
    const test_code = id('TC', args.device_id, state.testCodes);
    state.testCodes[test_code] = { device: args.device_id, used: false };
    const rng = createRng(`${state.salt}/light/${test_code}`);
    return { test_code, light: rng.pick(['amber', 'violet', 'white', 'green', 'turquoise']), pause_minutes: rng.int(2, 14) };
  },
});

const runDiagnosis = tool({
  name: 'run_diagnosis',
  about: 'Test a line with an unused test code of its device. Only the latest diagnosis of a line counts.',
  in: z.strictObject({ line_id: lineId('Code of the line'), test_code: testCode }),
  out: z.object({ diagnosis_id: diagnosisId, finding: fault.describe('What was found'), noise_decibels: z.number().describe('Noise on the line, in decibels'), distance_metres: z.int().describe('Way to the exchange, in metres') }),
  writes: ['testCodes', 'diagnoses'],
  needs: [
    customer,
    lineExists((args) => args.line_id),
    exists('test code', (state) => state.testCodes, (args) => args.test_code),
    must('precondition', (state, args) => rowOf(state.testCodes, args.test_code).device === lineOf(state, args.line_id).device, (args) => `Test code \`${args.test_code}\` is not of the device on line \`${args.line_id}\`.`),
    must('conflict', (state, args) => !rowOf(state.testCodes, args.test_code).used, (args) => `Test code \`${args.test_code}\` has been used.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.testCodes, args.test_code).used = true;
    for (const [before] of rowsOf(state.diagnoses, (one) => one.line === args.line_id)) rowOf(state.diagnoses, before).latest = false;
    const diagnosis_id = id('DG', args.test_code, state.diagnoses);
    const finding = lineOf(state, args.line_id).fault;
    state.diagnoses[diagnosis_id] = { line: args.line_id, fault: finding, latest: true };
    const rng = createRng(`${state.salt}/test/${args.line_id}/${finding}`);
    return { diagnosis_id, finding, noise_decibels: rng.int(finding === 'no_fault' ? 30 : 120, finding === 'no_fault' ? 90 : 310) / 10, distance_metres: createRng(`${state.salt}/way/${args.line_id}`).int(180, 5200) };
  },
});

const FIX_WORDS = { no_fault: 'nothing', port_locked: 'unlock the port', profile_mismatch: 'load the right profile', line_noise: 'move to a quiet pair', broken_cable: 'mend the cable' } as const;

const placeFixOrder = tool({
  name: 'place_fix_order',
  about: 'Order the fix of what the latest diagnosis of a line found. A line has one unfinished fix order at a time.',
  in: z.strictObject({ diagnosis_id: diagnosisId }),
  out: z.object({ fix_order_id: fixOrderId, work: z.string().describe('What is to be done'), needs_engineer: z.boolean().describe('Whether an engineer has to come'), team: z.string().describe('Team in charge') }),
  writes: ['fixes', 'slots'],
  needs: [
    customer,
    exists('diagnosis', (state) => state.diagnoses, (args) => args.diagnosis_id),
    must('conflict', (state, args) => rowOf(state.diagnoses, args.diagnosis_id).latest, (args) => `There is a later diagnosis of this line than \`${args.diagnosis_id}\`.`),
    must('precondition', (state, args) => rowOf(state.diagnoses, args.diagnosis_id).fault !== 'no_fault', (args) => `Diagnosis \`${args.diagnosis_id}\` found no fault.`),
    must('conflict', (state, args) => !Object.values(state.fixes).some((one) => one.line === rowOf(state.diagnoses, args.diagnosis_id).line && one.status !== 'verified'), () => 'There is an unfinished fix order for this line.'),
    must('conflict', (state, args) => lineOf(state, rowOf(state.diagnoses, args.diagnosis_id).line).fault !== 'no_fault', () => 'The fault has been fixed since this diagnosis.'),
  ],
  run: ({ state, id }, args) => {
    const { line, fault: found } = rowOf(state.diagnoses, args.diagnosis_id);
    const fix_order_id = id('FX', args.diagnosis_id, state.fixes);
    state.fixes[fix_order_id] = { line, fault: found, status: 'ordered', rebooted: false, daysDown: daysBetween(lineOf(state, line).faultySince ?? state.today, state.today), creditCents: null };
    const rng = createRng(`${state.salt}/fix/${fix_order_id}`);
    if (found === NEEDS_ENGINEER) {
      const first = rng.int(1, 3);
      for (const [at, window] of rng.shuffle(WINDOWS).slice(0, 3).entries()) state.slots[id('ES', `${fix_order_id}/${at}`, state.slots)] = { fix: fix_order_id, date: addDays(state.today, first + 2 * at), window };
    }
    return { fix_order_id, work: FIX_WORDS[found], needs_engineer: found === NEEDS_ENGINEER, team: `${rng.pick(['Falcon', 'Harrier', 'Kestrel', 'Osprey'])} ${rng.int(11, 39)}` };
  },
});

const listFixOrders = tool({
  name: 'list_fix_orders',
  about: "List the fix orders of all the customer's lines: what is done where, and how far it is.",
  in: z.strictObject({}),
  out: z.object({
    fix_orders: z.array(z.object({
      fix_order_id: fixOrderId,
      place: z.string().describe('Place of the line'),
      work: z.string().describe('What is to be done'),
      days_down: z.int().describe('Days for which the line did not work when it was ordered'),
      status: z.enum(FIX_STATUSES).describe('Status of the fix order'),
    })).describe('The fix orders, by place'),
  }),
  needs: [customer],
  run: ({ state }) => ({
    fix_orders: sortedBy(rowsOf(state.fixes), ([id, one]) => `${lineOf(state, one.line).place} ${id}`).map(([fix_order_id, one]) => ({ fix_order_id, place: lineOf(state, one.line).place, work: FIX_WORDS[one.fault], days_down: one.daysDown, status: one.status })),
  }),
});

const engineerSlots = tool({
  name: 'engineer_slots',
  about: 'List when an engineer could come for a fix order that needs one.',
  in: z.strictObject({ fix_order_id: fixOrderId }),
  out: z.object({ slots: z.array(z.object({ slot_id: slotId, date: z.iso.date().describe('Day of the visit'), window: z.string().describe('Time window, local time') })).describe('The slots, soonest first') }),
  needs: [customer, fixExists, byEngineer(true)],
  run: ({ state }, args) => ({ slots: sortedBy(rowsOf(state.slots, (one) => one.fix === args.fix_order_id), ([, one]) => one.date).map(([slot_id, { date, window }]) => ({ slot_id, date, window })) }),
});

const fixOfSlot = (args: { slot_id: string }, state: TelecomState): string => rowOf(state.slots, args.slot_id).fix;

const bookEngineer = tool({
  name: 'book_engineer',
  about: 'Book an engineer for one of the slots of a fix order.',
  in: z.strictObject({ slot_id: slotId, access: z.enum(['customer_at_home', 'key_with_neighbour', 'key_box']).describe('How the engineer gets in') }),
  out: z.object({ engineer: z.string().describe('Name of the engineer'), door_word: z.string().describe('Word by which the engineer is known at the door'), calls_ahead_minutes: z.int().describe('Minutes before arrival at which the engineer calls') }),
  writes: ['fixes'],
  needs: [customer, exists('slot', (state) => state.slots, (args) => args.slot_id), fixIs(fixOfSlot, 'ordered')],
  run: ({ state }, args) => {
    rowOf(state.fixes, fixOfSlot(args, state)).status = 'engineer_booked';
    const rng = createRng(`${state.salt}/engineer/${args.slot_id}`);
    return { engineer: rng.pick(['Alma Reddick', 'Boris Tench', 'Cyrus Oakley', 'Dilys Marne', 'Edda Krone']), door_word: rng.pick(['lighthouse', 'marmalade', 'snowdrop', 'velvet', 'compass', 'juniper']), calls_ahead_minutes: rng.int(11, 45) };
  },
});

const applyRemoteFix = tool({
  name: 'apply_remote_fix',
  about: 'Carry out a fix order from afar. Afterwards the device is rebooted and the line verified.',
  in: z.strictObject({ fix_order_id: fixOrderId }),
  out: z.object({ done_by: z.string().describe('System that did the work'), reboot_after_seconds: z.int().describe('Seconds to wait before the reboot'), log_number: z.string().describe('Number in the log') }),
  writes: ['fixes'],
  needs: [customer, fixExists, byEngineer(false), fixIs((args) => args.fix_order_id, 'ordered')],
  run: ({ state }, args) => {
    rowOf(state.fixes, args.fix_order_id).status = 'applied';
    const rng = createRng(`${state.salt}/apply/${args.fix_order_id}`);
    return { done_by: rng.pick(['Loom', 'Shuttle', 'Spindle', 'Bobbin']), reboot_after_seconds: rng.int(15, 90), log_number: String(rng.int(200_000, 899_999)) };
  },
});

const restartDevice = tool({
  name: 'restart_device',
  about: 'Reboot the device on a line from afar. A fix that was carried out takes effect with the reboot.',
  in: z.strictObject({ device_id: deviceId }),
  out: z.object({ back_at: clock('Time at which the device is back'), firmware: z.string().describe('Version of the firmware it runs'), boots: z.int().describe('How often it has been booted') }),
  writes: ['devices', 'fixes'],
  needs: [customer, deviceExists],
  run: ({ state }, args) => {
    const device = rowOf(state.devices, args.device_id);
    device.boots += 1;
    const line = lineOfDevice(state, args.device_id);
    for (const [id] of rowsOf(state.fixes, (one) => one.line === line && one.status === 'applied')) rowOf(state.fixes, id).rebooted = true;
    const rng = createRng(`${state.salt}/reboot/${args.device_id}/${device.boots}`);
    return { back_at: `${rng.int(10, 19)}:${rng.int(10, 59)}`, firmware: device.firmware, boots: device.boots };
  },
});

const verifyLine = tool({
  name: 'verify_line',
  about: 'Verify that a line works after its fix order was carried out and its device rebooted. That finishes the fix order.',
  in: z.strictObject({ fix_order_id: fixOrderId }),
  out: z.object({ megabits: z.int().describe('Speed of the line, in megabits a second'), delay_milliseconds: z.int().describe('Delay of the line, in milliseconds'), days_down: z.int().describe('Days for which the line did not work') }),
  writes: ['fixes', 'lines'],
  needs: [
    customer,
    fixExists,
    fixIs((args) => args.fix_order_id, 'applied'),
    must('precondition', (state, args) => rowOf(state.fixes, args.fix_order_id).rebooted, () => 'The device on the line has not been rebooted since the fix.'),
  ],
  run: ({ state }, args) => {
    const fix = rowOf(state.fixes, args.fix_order_id);
    const line = lineOf(state, fix.line);
    fix.status = 'verified';
    line.fault = 'no_fault';
    line.faultySince = null;
    const rng = createRng(`${state.salt}/speed/${fix.line}`);
    return { megabits: Math.round((rowOf(state.plans, line.plan).megabits * rng.int(81, 98)) / 100), delay_milliseconds: rng.int(11, 46), days_down: fix.daysDown };
  },
});

const claimCredit = tool({
  name: 'claim_credit',
  about: 'Credit the customer for the days of a fault whose fix has been verified, once.',
  in: z.strictObject({ fix_order_id: fixOrderId }),
  out: z.object({ credited: money('Amount credited'), credit: money('Credit of the customer afterwards'), shown_on: z.iso.date().describe('Day of the bill on which it is shown') }),
  writes: ['fixes', 'account'],
  needs: [
    customer,
    fixExists,
    fixIs((args) => args.fix_order_id, 'verified'),
    must('conflict', (state, args) => rowOf(state.fixes, args.fix_order_id).creditCents === null, (args) => `Fix order \`${args.fix_order_id}\` has been credited.`),
  ],
  run: ({ state }, args) => {
    const fix = rowOf(state.fixes, args.fix_order_id);
    fix.creditCents = fix.daysDown * CREDIT_CENTS_A_DAY;
    state.account.creditCents += fix.creditCents;
    return { credited: fromCents(fix.creditCents), credit: fromCents(state.account.creditCents), shown_on: addDays(state.today, createRng(`${state.salt}/bill`).int(4, 27)) };
  },
});

// ---- plans ----

const quotePlanChange = tool({
  name: 'quote_plan_change',
  about: 'Get a quote for another plan on a line that works.',
  in: z.strictObject({ line_id: lineId('Code of the line'), plan_name: planName }),
  out: z.object({ quote_id: quoteId, monthly_price: money('Price a month'), megabits: z.int().describe('Speed of the plan, in megabits a second'), setup_fee: money('Fee for the change') }),
  writes: ['quotes'],
  needs: [
    customer,
    lineExists((args) => args.line_id),
    must('not_found', (state, args) => planOf(state, args.plan_name) !== undefined, (args) => `There is no plan called \`${args.plan_name}\`.`),
    lineWorks((args) => args.line_id),
    must('conflict', (state, args) => !sameName(lineOf(state, args.line_id).plan, args.plan_name), (args) => `Line \`${args.line_id}\` has this plan already.`),
  ],
  run: ({ state, id }, args) => {
    const plan = planOf(state, args.plan_name) as string;
    const { monthlyCents, megabits } = rowOf(state.plans, plan);
    const rng = createRng(`${state.salt}/quote/${args.line_id}/${plan}`);
    const quote_id = id('PQ', `${args.line_id}/${plan}`, state.quotes);
    const monthly = monthlyCents - rng.int(0, 5) * 20;
    state.quotes[quote_id] = { line: args.line_id, plan, monthlyCents: monthly, confirmed: false };
    return { quote_id, monthly_price: fromCents(monthly), megabits, setup_fee: fromCents(rng.int(10, 49) * 50) };
  },
});

const confirmPlanChange = tool({
  name: 'confirm_plan_change',
  about: 'Confirm a quoted change of plan with its first day, within 60 days from tomorrow.',
  in: z.strictObject({ quote_id: quoteId, first_day: day('First day of the new plan, as YYYY-MM-DD') }),
  out: z.object({ contract_number: z.string().describe('Number of the contract'), first_bill_on: z.iso.date().describe('Day of the first bill'), first_bill: money('Amount of the first bill') }),
  writes: ['quotes', 'lines'],
  needs: [
    customer,
    exists('quote', (state) => state.quotes, (args) => args.quote_id),
    must('conflict', (state, args) => !rowOf(state.quotes, args.quote_id).confirmed, (args) => `Quote \`${args.quote_id}\` has been confirmed.`),
    must('conflict', (state, args) => lineOf(state, rowOf(state.quotes, args.quote_id).line).plan !== rowOf(state.quotes, args.quote_id).plan, () => 'The line has this plan already.'),
    notPast((args) => args.first_day, 60),
    must('precondition', (state, args) => args.first_day !== state.today, () => 'A plan starts tomorrow at the earliest.'),
  ],
  run: ({ state }, args) => {
    const quote = rowOf(state.quotes, args.quote_id);
    quote.confirmed = true;
    lineOf(state, quote.line).plan = quote.plan;
    const rng = createRng(`${state.salt}/contract/${args.quote_id}`);
    const days = rng.int(12, 40);
    return { contract_number: String(rng.int(5_000_000, 9_999_999)), first_bill_on: addDays(args.first_day, days), first_bill: fromCents(Math.round((quote.monthlyCents * days) / 30)) };
  },
});

/** The tools of the telephone company, as its line-care assistant would be given them. */
export const telecomTools: readonly DomainTool<TelecomState>[] = [
  verifyCustomer,
  findLine,
  listLines,
  lineDevice,
  exchangeNotice,
  forwardCalls,
  requestTestCode,
  runDiagnosis,
  placeFixOrder,
  listFixOrders,
  engineerSlots,
  bookEngineer,
  applyRemoteFix,
  restartDevice,
  verifyLine,
  claimCredit,
  quotePlanChange,
  confirmPlanChange,
];
