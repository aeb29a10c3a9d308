import type { BackendReport } from './backend-report.ts';
import { error, ok, warning, type Finding } from './finding.ts';
import type { ProbeAction, ProbeReport, ProbeStep } from './probe-report.ts';

const WORDS: Readonly<Record<ProbeAction, string>> = {
  create: 'a new file',
  append: 'an append through an open descriptor',
  rename: 'a rename',
  remove: 'a removal',
};

/** Judges what the live probe has seen. */
export function judgeProbe(
  probe: ProbeReport,
  chosen: BackendReport | undefined,
): readonly Finding[] {
  const name = chosen?.name ?? 'The backend';
  const { failure } = probe;
  if (probe.outcome === 'off') return [];
  if (probe.outcome === 'skipped') {
    return [warning('probe-skipped', `It was not tried out: ${probe.because}`)];
  }
  if (probe.outcome === 'failed') {
    const steps = failure?.remedy === null ? [] : [failure?.remedy ?? ''];
    return [error('probe-failed', `Trying ${name} out failed: ${failure?.message}`, ...steps)];
  }
  const silent = probe.steps.filter(({ reportedAfterMs }) => reportedAfterMs === null);
  if (silent.length > 0) {
    const what = silent.map(({ action }) => WORDS[action]).join(', ');
    const why = failure === null ? '' : `: ${failure.message}`;
    return [
      error(
        'probe-silent',
        `${name} did not tell of ${what} in ${probe.directory}${why}`,
        'use polling here: WATCHKEEPER_BACKEND=poll, or a rule with "use": "poll"',
      ),
    ];
  }
  if (failure !== null) {
    return [
      warning('probe-degraded', `${name} told of everything, and of a problem: ${failure.message}`),
    ];
  }
  const times = probe.steps.map(wordFor).join(', ');
  const worst = chosen?.capabilities?.worstLatencyMs ?? Number.POSITIVE_INFINITY;
  const isSlow = probe.steps.some(({ reportedAfterMs }) => (reportedAfterMs ?? 0) > worst);
  if (isSlow) {
    const message = `${name} was told of everything, later than it promises (${worst} ms): ${times}`;
    return [warning('probe-slow', message, 'try again when the machine is less busy')];
  }
  return [ok('probe', `Tried out: ${times}`)];
}

function wordFor({ action, reportedAfterMs, closedFirst }: ProbeStep): string {
  const when = `${formatMs(reportedAfterMs ?? 0)}${closedFirst ? ' after its close' : ''}`;
  return `${action} told after ${when}`;
}

/** Milliseconds for people: two digits are enough. */
function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
