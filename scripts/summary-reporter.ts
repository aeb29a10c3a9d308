import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Reporter, TestModule } from 'vitest/node';

const output = join(import.meta.dirname, '..', 'test-results', 'summary.txt');

/**
 * Names every skipped test with its reason, and closes with one plain line that continuous
 * integration reads. A test that is skipped without a reason fails the run.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else {
          const reason = result.state === 'skipped' ? result.note : undefined;
          if (reason === undefined) failed += 1;
          skipped.push(
            `${module.project.name} > ${test.fullName}: ${reason ?? 'NO REASON GIVEN (counts as failed)'}`,
          );
        }
      }
    }
    for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
    if (passed + failed + skipped.length === 0) {
      process.stdout.write('no test was selected\n');
      failed = 1;
    }
    const unexplained = skipped.filter((line) => line.includes('NO REASON GIVEN')).length;
    if (unexplained > 0) process.exitCode = 1;
    const summary = `${passed} passed, ${failed} failed, ${skipped.length - unexplained} skipped\n`;
    mkdirSync(join(output, '..'), { recursive: true });
    writeFileSync(output, summary);
    process.stdout.write(summary);
  }
}
