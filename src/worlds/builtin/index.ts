import type { World } from '../world';
import { createBankWorld } from './bank';
import { createBrokerageWorld } from './brokerage';
import { createCarWorld } from './car';
import { createChatWorld } from './chat';
import { createClaimsWorld } from './claims';
import { createClinicWorld } from './clinic';
import { createCoursesWorld } from './courses';
import { createDeployWorld } from './deploy';
import { createDocumentsWorld } from './documents';
import { createExpensesWorld } from './expenses';
import { createExperimentsWorld } from './experiments';
import { createFarmWorld } from './farm';
import { createFilesWorld } from './files';
import { createGuildWorld } from './guild';
import { createHotelWorld } from './hotel';
import { createInvoicingWorld } from './invoicing';
import { createIssuesWorld } from './issues';
import { createLeagueWorld } from './league';
import { createLendingWorld } from './lending';
import { createLibraryWorld } from './library';
import { createMailboxWorld } from './mailbox';
import { createMeetingsWorld } from './meetings';
import { createParcelsWorld } from './parcels';
import { createPayrollWorld } from './payroll';
import { createPharmacyWorld } from './pharmacy';
import { createPipelineWorld } from './pipeline';
import { createQuestWorld } from './quest';
import { createRailWorld } from './rail';
import { createRepositoryWorld } from './repository';
import { createRestaurantWorld } from './restaurant';
import { createShopWorld } from './shop';
import { createSmartHomeWorld } from './smart-home';
import { createSpreadsheetWorld } from './spreadsheet';
import { createSurveyWorld } from './survey';
import { createTableStoreWorld } from './table-store';
import { createTelecomWorld } from './telecom';
import { createTimeSeriesWorld } from './time-series';
import { createWarehouseWorld } from './warehouse';

type Group = { [name: string]: () => World };

/** The built-in worlds by trade. Adding one: its folder, and its line here. */
export const BUILTIN_GROUPS = {
  Travel: {
    rail: createRailWorld,
    hotel: createHotelWorld,
  },
  Finance: {
    bank: createBankWorld,
    brokerage: createBrokerageWorld,
    invoicing: createInvoicingWorld,
    claims: createClaimsWorld,
    payroll: createPayrollWorld,
    expenses: createExpensesWorld,
    lending: createLendingWorld,
  },
  Data: {
    'table-store': createTableStoreWorld,
    pipeline: createPipelineWorld,
    spreadsheet: createSpreadsheetWorld,
    experiments: createExperimentsWorld,
    survey: createSurveyWorld,
    'time-series': createTimeSeriesWorld,
    documents: createDocumentsWorld,
  },
  Tools: {
    issues: createIssuesWorld,
    'smart-home': createSmartHomeWorld,
    repository: createRepositoryWorld,
    deploy: createDeployWorld,
    files: createFilesWorld,
    car: createCarWorld,
  },
  Games: {
    league: createLeagueWorld,
    farm: createFarmWorld,
    guild: createGuildWorld,
    quest: createQuestWorld,
  },
  Commerce: {
    shop: createShopWorld,
    restaurant: createRestaurantWorld,
  },
  Logistics: {
    warehouse: createWarehouseWorld,
    parcels: createParcelsWorld,
  },
  Public: {
    library: createLibraryWorld,
    telecom: createTelecomWorld,
  },
  Health: {
    clinic: createClinicWorld,
    pharmacy: createPharmacyWorld,
  },
  Education: {
    courses: createCoursesWorld,
  },
  Social: {
    meetings: createMeetingsWorld,
    chat: createChatWorld,
    mailbox: createMailboxWorld,
  },
} satisfies { [group: string]: Group };

/** Every built-in world by the name campaign files use. */
export const BUILTIN_WORLDS: Group = Object.assign({}, ...Object.values(BUILTIN_GROUPS)) as Group;
