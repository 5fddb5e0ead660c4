export { campaign } from './campaign';
export { shard } from './shard';
export { trajectory } from './trajectory';
export { toolProbe } from './tool-probe';
export { retry } from './retry';
