import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays, weekdayOf } from '../calendar';
import type { ClinicState } from './state';

const PATIENTS_ABOUT = ['the insurance number of the patient at the desk', 'the insurance number of the patient on the phone', "the insurance number of the patient's relative"];
const SPECIALTIES_ABOUT = ['the specialty the patient at the desk asks for', 'the specialty the patient on the phone asks for', 'the specialty a relative asks for'];
const DATES_ABOUT = [{ about: 'the day on which the patient at the desk has time', days: [2, 4] }, { about: 'the day on which the patient on the phone has time', days: [6, 8] }, { about: 'another day that would do', days: [10, 12] }] as const;

/** What the person at the desk could state; codes of patients, referrals, specialists, slots and visits are never among it. */
export function knownClinic(state: ClinicState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const specialties = [...new Set(Object.values(state.clinicians).map((one) => one.specialty))];
  const workday = (from: number, to: number): string => {
    const date = addDays(state.today, rng.int(from, to));
    return weekdayOf(date) === 'Sunday' ? addDays(date, 1) : date;
  };
  return [
    { name: 'badge', value: state.desk.badge, about: "the number on the user's desk badge", entity: 'desk_badge' },
    { name: 'desk_pin', value: state.desk.pin, about: "the user's desk PIN", entity: 'desk_pin' },
    ...PATIENTS_ABOUT.map((about, at) => ({ name: `insurance_${at + 1}`, value: Object.values(state.patients)[at]?.insurance as string, about, entity: 'insurance_number' })),
    ...SPECIALTIES_ABOUT.map((about, at) => ({ name: `specialty_${at + 1}`, value: specialties[at] as string, about, entity: 'specialty' })),
    ...DATES_ABOUT.map(({ about, days }, at) => ({ name: `day_${at + 1}`, value: workday(days[0], days[1]), about, entity: 'date' })),
    { name: 'systolic', value: rng.int(104, 168), about: 'the systolic blood pressure that was just measured', params: ['record_vitals.systolic'] },
    { name: 'pulse', value: rng.int(54, 98), about: 'the pulse that was just counted', params: ['record_vitals.pulse'] },
  ];
}
