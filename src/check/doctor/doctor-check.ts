import type { Check } from '../run/check.js';
import type { DoctorSubject } from './doctor-subject.js';

/** One of the checks of `doctor`. */
export type DoctorCheck = Check<DoctorSubject>;
