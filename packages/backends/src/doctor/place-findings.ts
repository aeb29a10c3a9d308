import { isVirtual } from '../virtual-file-system.ts';
import type { BackendReport } from './backend-report.ts';
import { error, ok, warning, type Finding } from './finding.ts';
import { judgeDemand } from './demand-findings.ts';
import type { PlaceFacts } from './place-facts.ts';
import { judgeProbe } from './probe-findings.ts';
import { judgeSubject, READ_CONTENT } from './subject-findings.ts';

/** Judges a place: pure, so that each finding is a row of a table. */
export function judgePlace(facts: PlaceFacts): readonly Finding[] {
  const chosen = facts.backends.find(({ role }) => role === 'chosen');
  const subject = judgeSubject(facts);
  // Where nothing may be looked at, everything else would only repeat it.
  if (subject?.level === 'error') return [subject];
  return [
    ...(subject === null ? [] : [subject]),
    ...judgeChoice(facts, chosen),
    ...(chosen === undefined ? [] : judgeWriters(facts, chosen)),
    ...(chosen === undefined ? [] : judgeAppends(chosen)),
    ...(chosen === undefined ? [] : judgeDemand(facts, chosen)),
    ...judgeProbe(facts.probe, chosen),
  ];
}

function judgeChoice(
  { backends, hasFallback }: PlaceFacts,
  chosen: BackendReport | undefined,
): readonly Finding[] {
  const before = chosen === undefined ? backends : backends.slice(0, backends.indexOf(chosen));
  const refused = backends
    .filter(({ asked, failure }) => asked && failure !== null)
    .map((report) => {
      const { name, failure } = report;
      const next = chosen === undefined ? 'nothing takes over' : nextAfter(report, chosen, before);
      const steps = failure?.remedy === null ? [] : [failure?.remedy ?? ''];
      const message = `${name} is asked for and cannot be used: ${failure?.message}; ${next}`;
      return error('backend-unusable', message, ...steps);
    });
  if (chosen === undefined) {
    const steps = hasFallback
      ? []
      : ['set "fallback" to true in the config, or name a backend that is installed'];
    return [...refused, error('backend-none', 'No backend can watch this place', ...steps)];
  }
  const passedOver = before.filter(({ asked }) => asked).map(({ name }) => name);
  if (passedOver.length > 0) {
    const message = `${passedOver.join(', ')} cannot be used, ${chosen.name} stands in`;
    return [...refused, warning('backend', message)];
  }
  return [...refused, ok('backend', `${chosen.name} watches this place: ${chosen.because}`)];
}

function nextAfter(
  report: BackendReport,
  chosen: BackendReport,
  before: readonly BackendReport[],
): string {
  if (before.includes(report)) return `${chosen.name} takes over`;
  return `${chosen.name} serves without it`;
}

/** Whether every writer's writes can be noticed. */
function judgeWriters({ place, subject }: PlaceFacts, chosen: BackendReport): readonly Finding[] {
  const { capabilities } = chosen;
  if (capabilities === null) return [];
  if (isVirtual(place.fsType)) {
    return [
      warning(
        'place-virtual',
        `${place.fsType} makes its files up at each read: sizes and times there say nothing, so no backend sees most changes, poll neither`,
        READ_CONTENT,
      ),
    ];
  }
  if (place.shared === false) return [];
  if (capabilities.foreignWrites === 'seen') {
    const who = place.shared === true ? 'may be' : 'could be';
    return [
      ok(
        'foreign-writes',
        `${place.fsType} ${who} written from outside of this machine's kernel: ${chosen.name} looks by itself and sees it`,
      ),
    ];
  }
  const rule = { match: `${subject.directory}/**`, use: 'poll' };
  const message = `${place.fsType} may be written from outside of this machine's kernel, and ${chosen.name} is not told of it`;
  return [
    warning(
      'foreign-writes',
      message,
      `rules: [${JSON.stringify(rule)}]`,
      'or WATCHKEEPER_BACKEND=poll',
    ),
  ];
}

function judgeAppends({ name, capabilities }: BackendReport): readonly Finding[] {
  if (capabilities?.openFileAppends !== 'on-close') return [];
  return [
    warning(
      'open-file-appends',
      `${name} tells of an append to a file that stays open only when it is closed; a tail looks at its open file by itself`,
      'for other watches of such files: WATCHKEEPER_BACKEND=poll, or a rule with "use": "poll"',
    ),
  ];
}
