import { defineDomain, type DomainWorld } from '../domain';
import { knownExpenses } from './known';
import { EXPENSES_POLICY } from './policy';
import { EXPENSES_INVARIANTS, expensesStateSchema, initExpenses } from './state';
import { expensesTools } from './tools';

/** Expense reports: receipts and what they may cost, mileage, approvers and budgets, reimbursement. */
export const createExpensesWorld = (): DomainWorld =>
  defineDomain({ name: 'expenses', version: '1.0.0', policy: EXPENSES_POLICY, state: expensesStateSchema, init: initExpenses, known: knownExpenses, tools: expensesTools, invariants: EXPENSES_INVARIANTS });
