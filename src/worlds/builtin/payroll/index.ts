import { defineDomain, type DomainWorld } from '../domain';
import { knownPayroll } from './known';
import { PAYROLL_POLICY } from './policy';
import { initPayroll, PAYROLL_INVARIANTS, payrollStateSchema } from './state';
import { payrollTools } from './tools';

/** A payroll office: timesheets and bonuses of a period, runs that two officers sign, pay slips. */
export const createPayrollWorld = (): DomainWorld =>
  defineDomain({ name: 'payroll', version: '1.0.0', policy: PAYROLL_POLICY, state: payrollStateSchema, init: initPayroll, known: knownPayroll, tools: payrollTools, invariants: PAYROLL_INVARIANTS });
