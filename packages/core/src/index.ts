export type { AbsPath, EntryStat, EntryType } from "./entry.ts";
