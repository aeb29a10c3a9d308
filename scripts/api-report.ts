import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/**
 * Writes the public API of the package in the working directory from the built declarations: `api.md`
 * for the package itself, `api.<subpath>.md` for each subpath. With `--check`, fails when a committed
 * one differs. An undocumented symbol is an error.
 */
const packageFolder = process.cwd();
const temporary = join(packageFolder, '.api-temp');
const check = process.argv.includes('--check');

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>;
}

/** One way into the package, and the report on it. */
interface EntryPoint {
  readonly declarations: string;
  readonly report: string;
}

function entryPoints(): EntryPoint[] {
  const manifest = JSON.parse(
    readFileSync(join(packageFolder, 'package.json'), 'utf8'),
  ) as Manifest;
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    if (typeof target === 'string' || target.types === undefined) return [];
    const name = subpath.replace(/^\.\/?/, '').replaceAll('/', '.');
    const report = name === '' ? 'api.md' : `api.${name}.md`;
    return [{ declarations: join(packageFolder, target.types), report }];
  });
}

/** Names that a report exports. */
function exportsOf(report: string): ReadonlySet<string> {
  const pattern = /^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm;
  return new Set(Array.from(report.matchAll(pattern), ([, name = '']) => name));
}

/**
 * What the code says, as a report; sets the exit code when it is not fit to be published. A symbol that
 * the API mentions must be exported by the same entry point, or be among those `exportedElsewhere`.
 */
function describe(
  { declarations, report }: EntryPoint,
  exportedElsewhere: ReadonlySet<string>,
): string {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(packageFolder, 'api-extractor.json'),
    packageJsonFullPath: join(packageFolder, 'package.json'),
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(packageFolder, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: report.replace(/\.md$/, ''),
        reportFolder: temporary,
        reportTempFolder: join(temporary, 'new'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.Error },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      const symbol = /^The symbol "(\w+)"/.exec(message.text)?.[1] ?? '';
      if (message.messageId === 'ae-forgotten-export' && exportedElsewhere.has(symbol)) {
        message.logLevel = ExtractorLogLevel.None;
      }
      if (message.logLevel === ExtractorLogLevel.Error) {
        const file = message.sourceFilePath;
        const place =
          file === undefined ? '' : `${relative(packageFolder, file)}:${message.sourceFileLine}: `;
        console.error(`${place}${message.text} (${message.messageId})`);
      }
      message.handled = true;
    },
  });
  if (result.errorCount > 0) process.exitCode = 1;
  return readFileSync(join(temporary, report.replace(/\.md$/, '.api.md')), 'utf8');
}

mkdirSync(temporary, { recursive: true });
let exportedByMain: ReadonlySet<string> = new Set();
for (const entry of entryPoints()) {
  const found = describe(entry, exportedByMain);
  if (entry.report === 'api.md') exportedByMain = exportsOf(found);
  const committed = join(packageFolder, entry.report);
  if (!check) writeFileSync(committed, found);
  else if (!existsSync(committed) || readFileSync(committed, 'utf8') !== found) {
    console.error(
      `${entry.report} is not what the code says: run \`pnpm api\`, read the difference, commit it`,
    );
    process.exitCode = 1;
  }
}
