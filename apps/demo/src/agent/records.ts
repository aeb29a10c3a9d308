import type { Random } from './random.ts';
import type { Step, Story } from './story.ts';

/** A transcript record as the agent would write it: one JSON object a line. */
export type TranscriptRecord = Readonly<Record<string, unknown>>;

/** One record and how it comes to the file. */
export interface Scheduled {
  readonly file: string;
  readonly record: TranscriptRecord;
  /** Pause before it, in milliseconds, at normal speed. */
  readonly pauseMs: number;
}

/** Where the records of one session go. */
export interface SessionFiles {
  readonly main: string;
  /** The transcript of a subagent, by its id. */
  readonly subagent: (agentId: string) => string;
}

const MODEL = 'claude-sonnet-4-5-20250929';
const VERSION = '2.1.45';

/** Chains records of one file: each names the one before it as its parent. */
class Chain {
  #parent: string | null = null;
  readonly #fixed: TranscriptRecord;
  readonly #random: Random;

  constructor(random: Random, fixed: TranscriptRecord) {
    this.#random = random;
    this.#fixed = fixed;
  }

  record(type: string, rest: TranscriptRecord): TranscriptRecord {
    const uuid = this.#random.uuid();
    const record = {
      parentUuid: this.#parent,
      ...this.#fixed,
      type,
      ...rest,
      uuid,
      timestamp: new Date().toISOString(),
    };
    this.#parent = uuid;
    return record;
  }
}

/** Yields the records of a story without end: the turns again and again, as a long session would. */
export function* act(
  story: Story,
  sessionId: string,
  files: SessionFiles,
  random: Random,
): Generator<Scheduled> {
  const envelope = {
    isSidechain: false,
    userType: 'external',
    cwd: story.cwd,
    sessionId,
    version: VERSION,
    gitBranch: story.branch,
  };
  const chain = new Chain(random, envelope);
  yield {
    file: files.main,
    pauseMs: 0,
    record: { type: 'ai-title', aiTitle: story.title, sessionId },
  };
  for (;;) {
    for (const turn of story.turns) {
      const snapshotId = random.uuid();
      yield {
        file: files.main,
        pauseMs: 1500,
        record: {
          type: 'file-history-snapshot',
          messageId: snapshotId,
          snapshot: {
            messageId: snapshotId,
            trackedFileBackups: {},
            timestamp: new Date().toISOString(),
          },
          isSnapshotUpdate: false,
        },
      };
      yield {
        file: files.main,
        pauseMs: 5,
        record: chain.record('user', {
          message: { role: 'user', content: turn.prompt },
          permissionMode: 'default',
        }),
      };
      const started = performance.now();
      yield* perform(turn.steps, chain, files.main, envelope, files, random);
      yield {
        file: files.main,
        pauseMs: 40,
        record: chain.record('system', {
          subtype: 'turn_duration',
          durationMs: Math.round(performance.now() - started),
          isMeta: false,
        }),
      };
    }
  }
}

function* perform(
  steps: readonly Step[],
  chain: Chain,
  file: string,
  envelope: TranscriptRecord,
  files: SessionFiles,
  random: Random,
): Generator<Scheduled> {
  for (const step of steps) {
    const messageId = `msg_${random.hex(24)}`;
    const assistant = (content: TranscriptRecord, stop: string | null): TranscriptRecord =>
      chain.record('assistant', {
        requestId: `req_${random.hex(24)}`,
        message: {
          id: messageId,
          type: 'message',
          role: 'assistant',
          model: MODEL,
          content: [content],
          stop_reason: stop,
          usage: usage(random),
        },
      });
    switch (step.do) {
      case 'think':
        yield {
          file,
          pauseMs: 700,
          record: assistant(
            { type: 'thinking', thinking: step.text, signature: random.hex(64) },
            null,
          ),
        };
        break;
      case 'say':
        yield {
          file,
          pauseMs: 900,
          record: assistant({ type: 'text', text: step.text }, 'end_turn'),
        };
        break;
      case 'call': {
        const id = `toolu_${random.hex(24)}`;
        yield {
          file,
          pauseMs: 500,
          record: assistant(
            { type: 'tool_use', id, name: step.tool, input: step.input },
            'tool_use',
          ),
        };
        yield {
          file,
          pauseMs: 600,
          record: toolResult(
            chain,
            id,
            enlarge(step.result, step.resultBytes),
            step.isError ?? false,
            null,
          ),
        };
        break;
      }
      case 'delegate': {
        const id = `toolu_${random.hex(24)}`;
        const agentId = random.hex(17);
        yield {
          file,
          pauseMs: 500,
          record: assistant(
            {
              type: 'tool_use',
              id,
              name: 'Agent',
              input: {
                description: step.description,
                prompt: step.description,
                subagent_type: 'general-purpose',
              },
            },
            'tool_use',
          ),
        };
        const childEnvelope = { ...envelope, isSidechain: true, agentId };
        const child = new Chain(random, childEnvelope);
        const childFile = files.subagent(agentId);
        yield {
          file: childFile,
          pauseMs: 300,
          record: child.record('user', { message: { role: 'user', content: step.description } }),
        };
        yield* perform(step.steps, child, childFile, childEnvelope, files, random);
        yield {
          file,
          pauseMs: 400,
          record: toolResult(chain, id, lastWords(step.steps), false, {
            status: 'completed',
            agentId,
            totalDurationMs: 2400,
            totalTokens: 5120,
            totalToolUseCount: 1,
          }),
        };
        break;
      }
      case 'retry':
        yield {
          file,
          pauseMs: 300,
          record: chain.record('system', {
            subtype: 'api_error',
            level: 'error',
            error: { status: 529, message: step.error },
            retryInMs: step.retryInMs,
            retryAttempt: 1,
            maxRetries: 10,
          }),
        };
        break;
      default:
        step satisfies never;
    }
  }
}

function toolResult(
  chain: Chain,
  toolUseId: string,
  content: string,
  isError: boolean,
  subagent: TranscriptRecord | null,
): TranscriptRecord {
  return chain.record('user', {
    message: {
      role: 'user',
      content: [{ tool_use_id: toolUseId, type: 'tool_result', content, is_error: isError }],
    },
    toolUseResult: subagent ?? { stdout: content.slice(0, 2000), stderr: '', interrupted: false },
  });
}

function usage(random: Random): TranscriptRecord {
  return {
    input_tokens: random.between(3, 900),
    cache_creation_input_tokens: random.between(0, 4000),
    cache_read_input_tokens: random.between(8_000, 90_000),
    output_tokens: random.between(20, 900),
    service_tier: 'standard',
  };
}

function enlarge(text: string, bytes: number | undefined): string {
  return bytes === undefined ? text : text.repeat(Math.max(1, Math.ceil(bytes / text.length)));
}

function lastWords(steps: readonly Step[]): string {
  return steps.findLast((step) => step.do === 'say')?.text ?? 'Done.';
}
