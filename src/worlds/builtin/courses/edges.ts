import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('courses');

const TERM = [out('find_term', '/term_code')];
const COURSE = [out('find_course', '/course_id'), out('browse_department', '/courses/*/course_id')];
const SECTION = [out('list_sections', '/sections/*/section_id')];
const REGISTRATION = [out('start_registration', '/registration_id'), out('my_registrations', '/registrations/*/registration_id')];
const PLACE = [out('my_schedule', '/places/*/place_id'), out('reserve_seat', '/place_id')];
const NEEDS_SESSION = ['pay_balance', 'check_prerequisite', 'book_advising', 'request_waiver', 'start_registration', 'my_registrations', 'reserve_seat', 'submit_registration', 'join_waiting_list', 'my_schedule', 'swap_section', 'drop_place'];

/** The college's dependencies as its author knows them. Only tests may read them. */
export const COURSES_EDGES: readonly TrueGroup[] = [
  data('list_sections', '/course_id', COURSE),
  data('list_sections', '/term_code', TERM),
  data('compare_sections', '/first_section', SECTION),
  data('compare_sections', '/second_section', SECTION),
  data('check_prerequisite', '/course_id', COURSE),
  data('request_waiver', '/course_id', COURSE),
  data('request_waiver', '/advising_id', [out('book_advising', '/advising_id')]),
  data('start_registration', '/term_code', TERM),
  data('reserve_seat', '/registration_id', REGISTRATION),
  data('reserve_seat', '/section_id', SECTION),
  data('submit_registration', '/registration_id', REGISTRATION),
  data('join_waiting_list', '/section_id', SECTION),
  data('swap_section', '/place_id', PLACE),
  data('drop_place', '/place_id', PLACE),
  ...NEEDS_SESSION.map((tool) => state(tool, 'open_student_session')),
  // Every seed's student owes something at first. A registration with a reserved seat is there from the start.
  state('start_registration', 'pay_balance'),
  data('find_term', '/term_name', [out('my_registrations', '/registrations/*/term_name')], 'optional'),
];
