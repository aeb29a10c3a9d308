export { sessionStoreConformance } from './testing/store-conformance.ts';
export type { ScenarioRunner, StoreScenario, StoreUnderTest } from './testing/store-conformance.ts';
