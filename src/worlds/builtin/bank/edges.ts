import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('bank');

const ACCOUNT = [out('find_account', '/account_id'), out('list_accounts', '/accounts/*/account_id')];
const PAYEE = [out('add_payee', '/payee_id'), out('list_payees', '/payees/*/payee_id')];
const TRANSFER = [out('prepare_transfer', '/transfer_id')];
const CARD = [out('list_cards', '/cards/*/card_id')];
const BEHIND_SIGN_IN = [
  'find_account', 'list_accounts', 'move_money', 'change_daily_limit', 'add_payee', 'list_payees', 'run_payee_check', 'confirm_payee', 'prepare_transfer',
  'send_transfer', 'call_back_transfer', 'list_entries', 'dispute_entry', 'issue_statement', 'list_cards', 'freeze_card', 'replace_card',
];

/**
 * What the bank's tools need of each other. Sign-in stands with every tool that asks for it. Confirmation before a
 * transfer and freezing before a replacement are left out: a seed has verified payees and a frozen card.
 */
export const BANK_EDGES: readonly TrueGroup[] = [
  ...['change_daily_limit', 'prepare_transfer', 'list_entries', 'issue_statement'].map((tool) => data(tool, '/account_id', ACCOUNT)),
  data('move_money', '/from_account', ACCOUNT),
  data('move_money', '/to_account', ACCOUNT),
  data('add_payee', '/bank_code', [out('find_bank', '/bank_code')]),
  data('run_payee_check', '/payee_id', PAYEE),
  data('prepare_transfer', '/payee_id', PAYEE),
  data('confirm_payee', '/payee_check_id', [out('run_payee_check', '/payee_check_id')]),
  data('send_transfer', '/transfer_id', TRANSFER),
  data('call_back_transfer', '/transfer_id', TRANSFER),
  data('dispute_entry', '/entry_id', [out('list_entries', '/entries/*/entry_id')]),
  data('freeze_card', '/card_id', CARD),
  data('replace_card', '/card_id', CARD),
  ...BEHIND_SIGN_IN.map((tool) => state(tool, 'sign_in')),
  state('call_back_transfer', 'send_transfer'),
  data('find_bank', '/bank_name', [out('list_payees', '/payees/*/bank_name')], 'optional'),
  data('find_account', '/nickname', [out('list_cards', '/cards/*/account_nickname'), out('list_accounts', '/accounts/*/account_nickname')], 'optional'),
];
