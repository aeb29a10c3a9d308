import { resolve } from 'node:path';

import { diagnose, type DiagnosisProgress } from '@watchkeeper/backends/doctor';

import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CommandFailure } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { diagnosisText } from '../output/diagnosis-text.ts';
import { jsonLine } from '../output/frame-printer.ts';
import { createPalette } from '../output/palette.ts';
import { printableLine } from '../output/printable.ts';
import { withProgress } from '../output/progress.ts';
import type { Settings } from '../settings.ts';

/** Options of `doctor`. */
export interface DoctorCommandOptions {
  /** Whether to try the backend out in a temporary directory. */
  readonly probe: boolean;
}

/** The variable that `--backend` wins over, as over every other. */
const BACKEND_VARIABLE = 'WATCHKEEPER_BACKEND';

/** Says how well paths can be watched, and what to change. Findings that are errors end it with 1. */
export async function doctor(
  paths: readonly string[],
  options: DoctorCommandOptions,
  settings: Settings,
  io: CommandIo,
): Promise<ExitCode> {
  if (paths.includes('')) {
    throw new CommandFailure(EXIT.usage, 'a path is empty', 'name a file or a directory');
  }
  const { clock, signal, stdout, stderr } = io;
  let progress: DiagnosisProgress | null = null;
  const environment =
    settings.backends === null ? io.env : { ...io.env, [BACKEND_VARIABLE]: undefined };
  const work = diagnose(
    paths.map((path) => resolve(io.cwd, path)),
    {
      ...(settings.backends === null
        ? {}
        : { config: { use: settings.backends }, configName: '--backend' }),
      environment,
      probe: options.probe,
      clock,
      signal,
      onProgress: (step) => {
        progress = step;
      },
    },
  );
  const describe = (): string => (progress === null ? 'looking' : progressText(progress));
  const diagnosis = await withProgress(work, { stderr, clock, describe });
  signal.throwIfAborted();
  await stdout.write(
    settings.json
      ? jsonLine('diagnosis', null, diagnosis)
      : diagnosisText(diagnosis, createPalette(settings.colors), stdout.columns),
  );
  return diagnosis.ok ? EXIT.ok : EXIT.failure;
}

function progressText({ path, phase, entries }: DiagnosisProgress): string {
  const count = phase === 'counting' ? `, ${entries} entries so far` : '';
  return `${phase} ${printableLine(path)}${count}`;
}
