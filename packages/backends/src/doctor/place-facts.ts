import type { PlaceReport } from './diagnosis.ts';
import type { LimitReport } from './limit-report.ts';
import type { SystemReport } from './system-report.ts';

/** What a place is judged by. */
export interface PlaceFacts extends Omit<PlaceReport, 'findings'> {
  readonly system: SystemReport;
  readonly limits: LimitReport;
  /** Whether another backend takes over from one that fails. */
  readonly hasFallback: boolean;
}
