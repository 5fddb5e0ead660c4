export { startSimulator, type Simulator, type SimulatorOptions } from './server';
export { NO_HTTP_FAULTS, readHttpFaults, type HttpFaults } from './http-faults';
