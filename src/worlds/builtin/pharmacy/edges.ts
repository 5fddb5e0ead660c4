import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('pharmacy');

const PATIENT = [out('find_patient', '/patient_number')];
const MEDICINE = [out('find_medicine', '/medicine_code'), out('list_prescriptions', '/prescriptions/*/medicine_code')];
const CHECK = [out('run_safety_check', '/check_id')];
const DISPENSING = [out('dispensing_history', '/dispensings/*/dispensing_id'), out('dispense_packs', '/dispensing_id')];
const NEEDS_SHIFT = ['find_patient', 'list_prescriptions', 'register_paper_prescription', 'run_safety_check', 'ask_for_override', 'order_from_sister', 'set_aside', 'dispense_packs', 'dispensing_history', 'plan_refill', 'side_effect_record'];

/** The pharmacy's dependencies as its author knows them. Only tests may read them. */
export const PHARMACY_EDGES: readonly TrueGroup[] = [
  data('list_prescriptions', '/patient_number', PATIENT),
  data('register_paper_prescription', '/patient_number', PATIENT),
  data('register_paper_prescription', '/medicine_code', MEDICINE),
  data('pair_warning', '/first_medicine', MEDICINE),
  data('pair_warning', '/second_medicine', MEDICINE),
  data('list_batches', '/medicine_code', MEDICINE),
  data('order_from_sister', '/medicine_code', MEDICINE),
  data('run_safety_check', '/prescription_id', [out('list_prescriptions', '/prescriptions/*/prescription_id'), out('register_paper_prescription', '/prescription_id')]),
  data('ask_for_override', '/check_id', CHECK),
  data('set_aside', '/check_id', CHECK),
  data('set_aside', '/batch_id', [out('list_batches', '/batches/*/batch_id'), out('order_from_sister', '/batch_id')]),
  data('dispense_packs', '/hold_id', [out('set_aside', '/hold_id')]),
  data('dispensing_history', '/patient_number', PATIENT),
  data('plan_refill', '/dispensing_id', DISPENSING),
  data('side_effect_record', '/dispensing_id', DISPENSING),
  ...NEEDS_SHIFT.map((tool) => state(tool, 'start_counter_shift')),
  // A prescription names its doctor, and so does a paper one.
  data('register_paper_prescription', '/prescriber', [out('list_prescriptions', '/prescriptions/*/prescriber')], 'optional'),
];
