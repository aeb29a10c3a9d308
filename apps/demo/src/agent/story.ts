/** One thing a simulated agent does inside a turn. */
export type Step =
  | { readonly do: 'think'; readonly text: string }
  | { readonly do: 'say'; readonly text: string }
  | {
      readonly do: 'call';
      readonly tool: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly result: string;
      readonly isError?: boolean;
      /** Repeats the result until it has about this many bytes: a big tool result. */
      readonly resultBytes?: number;
    }
  | { readonly do: 'delegate'; readonly description: string; readonly steps: readonly Step[] }
  | { readonly do: 'retry'; readonly error: string; readonly retryInMs: number };

/** What a person asked for, and what the agent did about it. */
export interface Turn {
  readonly prompt: string;
  readonly steps: readonly Step[];
}

/** A session to act out, again and again. */
export interface Story {
  readonly title: string;
  readonly cwd: string;
  readonly branch: string;
  readonly turns: readonly [Turn, ...Turn[]];
}

const checkout: Story = {
  title: 'Fix rounding in the checkout total',
  cwd: '/home/ada/shop',
  branch: 'fix/rounding',
  turns: [
    {
      prompt:
        'The cart shows 10.000000000000002 € for three items at 3.33 and one at 0.01. Please fix it.',
      steps: [
        {
          do: 'think',
          text: 'Float arithmetic on prices. Find where the total is summed, then move to integer cents.',
        },
        { do: 'say', text: 'That is a float sum. I will find where the total is computed.' },
        {
          do: 'call',
          tool: 'Grep',
          input: { pattern: 'reduce\\(.*price', path: 'src' },
          result:
            'src/cart/total.ts:12:  return items.reduce((sum, item) => sum + item.price * item.count, 0);',
        },
        {
          do: 'call',
          tool: 'Read',
          input: { file_path: '/home/ada/shop/src/cart/total.ts' },
          result:
            "import type { Item } from './item.ts';\n\n/** Sum of a cart in euros. */\nexport function total(items: readonly Item[]): number {\n  return items.reduce((sum, item) => sum + item.price * item.count, 0);\n}\n",
        },
        {
          do: 'call',
          tool: 'Edit',
          input: {
            file_path: '/home/ada/shop/src/cart/total.ts',
            old_string: 'sum + item.price * item.count',
            new_string: 'sum + Math.round(item.price * 100) * item.count',
          },
          result: 'The file /home/ada/shop/src/cart/total.ts has been updated.',
        },
        {
          do: 'call',
          tool: 'Bash',
          input: { command: 'pnpm test cart', description: 'Run the cart tests' },
          result:
            ' FAIL  test/cart/total.test.ts > sums three items\n  AssertionError: expected 1000 to be 10.00\n\n Tests  1 failed | 11 passed (12)\n',
          isError: true,
        },
        {
          do: 'think',
          text: 'The function now returns cents. Divide once at the end; callers expect euros.',
        },
        {
          do: 'call',
          tool: 'Edit',
          input: {
            file_path: '/home/ada/shop/src/cart/total.ts',
            old_string: ', 0);',
            new_string: ', 0) / 100;',
          },
          result: 'The file /home/ada/shop/src/cart/total.ts has been updated.',
        },
        {
          do: 'call',
          tool: 'Bash',
          input: { command: 'pnpm test cart', description: 'Run the cart tests' },
          result: ' Test Files  3 passed (3)\n      Tests  12 passed (12)\n   Duration  412ms\n',
        },
        {
          do: 'say',
          text: 'Fixed: prices are summed as integer cents and divided once. All 12 cart tests pass, the one with three items at 3.33 € included — naïve float sums are gone. 🎉',
        },
      ],
    },
    {
      prompt: 'Thanks! Are there other places that add prices up as floats?',
      steps: [
        {
          do: 'say',
          text: 'I will look through the whole repository, with a second pair of eyes on the reports.',
        },
        {
          do: 'delegate',
          description: 'Audit the reports for float sums',
          steps: [
            {
              do: 'call',
              tool: 'Grep',
              input: { pattern: '\\.price', path: 'src/reports' },
              result:
                'src/reports/daily.ts:31:    revenue += order.price;\nsrc/reports/monthly.ts:18:    revenue += day.revenue;\n',
            },
            {
              do: 'say',
              text: 'Two sums in src/reports add floats: daily.ts:31 and monthly.ts:18.',
            },
          ],
        },
        {
          do: 'call',
          tool: 'Bash',
          input: {
            command: 'git log -p --since=1.year -- src/reports',
            description: 'History of the reports',
          },
          result:
            'commit 4be19f0a\nAuthor: Grace <grace@example.org>\n\n    Add the monthly report\n\n+    revenue += day.revenue;\n',
          resultBytes: 180_000,
        },
        { do: 'retry', error: 'Overloaded', retryInMs: 800 },
        {
          do: 'say',
          text: 'Two more: `src/reports/daily.ts:31` and `src/reports/monthly.ts:18`. Both would be fixed by the same helper. Shall I change them?',
        },
      ],
    },
  ],
};

const search: Story = {
  title: '検索を速くする (make search fast)',
  cwd: '/home/grace/atlas',
  branch: 'main',
  turns: [
    {
      prompt: '検索が遅いです。原因を調べて、直してください。Profile first, please.',
      steps: [
        {
          do: 'think',
          text: 'Profile first. The list is filtered on every key press; measure before changing it.',
        },
        {
          do: 'call',
          tool: 'Bash',
          input: { command: 'node --cpu-prof bench/search.mjs', description: 'Profile the search' },
          result:
            'query "東京"  p50 412 ms  p99 1310 ms\nnormalise()   71.3 %\nscore()       18.9 %\n(gc)           6.0 %\n',
        },
        {
          do: 'say',
          text: '71 % of the time goes into `normalise()`, which runs for every entry on every key press.\n\n```ts\nconst hit = entries.filter((entry) => normalise(entry.name).includes(query));\n```\n\nI will normalise once, when an entry is loaded.',
        },
        {
          do: 'call',
          tool: 'Write',
          input: {
            file_path: '/home/grace/atlas/src/search/index.ts',
            content:
              "export class SearchIndex {\n  readonly #names: string[] = [];\n  add(name: string): void {\n    this.#names.push(name.normalize('NFKC').toLowerCase());\n  }\n}\n",
          },
          result: 'File created successfully at: /home/grace/atlas/src/search/index.ts',
        },
        {
          do: 'call',
          tool: 'Bash',
          input: { command: 'node bench/search.mjs', description: 'Measure again' },
          result: 'query "東京"  p50 9 ms  p99 31 ms\n',
        },
        {
          do: 'say',
          text: '412 ms → 9 ms at the median. The index costs 3 MB for 40,000 entries.',
        },
      ],
    },
  ],
};

/** The stories there are; each simulated session acts one out and starts over. */
export const stories: readonly [Story, ...Story[]] = [checkout, search];
