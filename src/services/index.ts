export { ensureServices, findServices, stopServices, type Services } from './services';
export { ensureSimulator } from './simulator';
export { doctor, type Check } from './doctor';
export { ServiceError } from './service-error';
export type { Report, ServiceEvent, ServiceName } from './report';
export type { TemporalService } from './temporal';
export type { Neo4jService } from './neo4j';
