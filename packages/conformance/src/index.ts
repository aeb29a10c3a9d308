export { backendConformance, conformanceCaseNames } from './conformance.ts';
export { EventRecorder, type Mark } from './event-recorder.ts';
export { CASE_TIMEOUT_MS, DEADLINE_MS, type ConformanceOptions } from './options.ts';
export type { Assertion, ConformanceRunner, TestContext } from './runner.ts';
export { Workspace } from './workspace.ts';
