export { EXIT } from './exit-codes.ts';
export type { ExitCode } from './exit-codes.ts';
export { Interruption } from './failure.ts';
export type { CommandIo, Output } from './io.ts';
export { run } from './program.ts';
