export { backendConformance, conformanceCaseNames } from './conformance.ts';
export {
  differential,
  DIFFERENTIAL_LANES,
  type DifferentialOptions,
  type DifferentialReport,
} from './differential/differential.ts';
export { DifferentialError, type Failure } from './differential/differential-error.ts';
export type { DifferentialStep } from './differential/program-run.ts';
export { DEFAULT_SEEDS, testSeeds } from './differential/seeds.ts';
export { createFaultBackend, type FaultBackend } from './fault-backend/fault-backend.ts';
export type { Faults } from './fault-backend/faults.ts';
export { EventRecorder, type Mark } from './event-recorder.ts';
export {
  CASE_TIMEOUT_MS,
  DEADLINE_MS,
  type BackendModule,
  type ConformanceOptions,
} from './options.ts';
export {
  describeOperation,
  perform,
  type Operation,
  type OperationKind,
  type OperationPlace,
} from './random/operation.ts';
export { createProgram, describeProgram, type Program } from './random/program.ts';
export { createRandom, type Random } from './random/random.ts';
export type { Assertion, ConformanceRunner, TestContext } from './runner.ts';
export { ToldTree, type Comparison } from './told-tree.ts';
export { Workspace } from './workspace.ts';
