export { diagnose } from './doctor/diagnose.ts';
export type { DiagnoseOptions } from './doctor/diagnose.ts';
export type { Diagnosis, MachineReport, PlaceReport } from './doctor/diagnosis.ts';
export type { BackendReport, WatchDemand } from './doctor/backend-report.ts';
export type { EnvironmentVariable } from './doctor/environment-report.ts';
export type { Finding, FindingLevel } from './doctor/finding.ts';
export type { InotifyUsage } from './doctor/inotify-usage.ts';
export type {
  FileLimits,
  InotifyLimit,
  InotifyLimits,
  LimitReport,
} from './doctor/limit-report.ts';
export type { MountReport } from './doctor/mount-report.ts';
export type { DiagnosisProgress } from './doctor/place-inspector.ts';
export type { Failure, ProbeAction, ProbeReport, ProbeStep } from './doctor/probe-report.ts';
export type { Subject } from './doctor/subject.ts';
export type { SystemHint, SystemReport } from './doctor/system-report.ts';
export type { TreeCount } from './doctor/tree-count.ts';
