import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import type { PharmacyState } from './state';

const PATIENTS_ABOUT = ['the health card of the patient at the counter', 'the health card of the patient on the phone', 'the health card a son handed over for his mother'];
// The risky pair, and the one that is out of stock.
const MEDICINES_ABOUT = [{ at: 3, about: 'the medicine the patient asks about' }, { at: 4, about: 'the medicine the patient has taken for years' }, { at: 1, about: 'the medicine that has been missing for days' }];

/** What the pharmacist could state; codes of patients, prescriptions, medicines, checks, batches and dispensings are never among it. */
export function knownPharmacy(state: PharmacyState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  return [
    { name: 'licence', value: state.pharmacist.licence, about: "the user's licence number", entity: 'licence_number' },
    { name: 'pin', value: state.pharmacist.pin, about: "the user's counter PIN", entity: 'counter_pin' },
    ...PATIENTS_ABOUT.map((about, at) => ({ name: `health_card_${at + 1}`, value: Object.values(state.patients)[at]?.healthCard as string, about, entity: 'health_card' })),
    ...MEDICINES_ABOUT.map(({ at, about }, nth) => ({ name: `medicine_${nth + 1}`, value: Object.values(state.medicines)[at]?.name as string, about, entity: 'medicine_name' })),
    { name: 'prescriber', value: state.prescribers[0] as string, about: 'the doctor who signed a paper prescription', entity: 'prescriber' },
    { name: 'other_prescriber', value: state.prescribers[1] as string, about: 'the doctor who signed another paper prescription', entity: 'prescriber' },
    { name: 'refill_day', value: addDays(state.today, rng.int(33, 40)), about: 'the day on which the patient wants to come again', entity: 'date' },
    { name: 'later_refill_day', value: addDays(state.today, rng.int(50, 70)), about: 'a later day on which the patient could come', entity: 'date' },
  ];
}
