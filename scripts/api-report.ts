import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/**
 * Writes the public API of the package in the working directory to its `api.md`, from the built
 * declarations; with `--check`, fails when the committed one differs. An undocumented symbol is an error.
 */
const packageFolder = process.cwd();
const temporary = join(packageFolder, '.api-temp');
const committed = join(packageFolder, 'api.md');
const check = process.argv.includes('--check');

mkdirSync(temporary, { recursive: true });
const configPath = join(packageFolder, 'api-extractor.json');
const config = ExtractorConfig.prepare({
  configObjectFullPath: configPath,
  packageJsonFullPath: join(packageFolder, 'package.json'),
  configObject: {
    projectFolder: packageFolder,
    mainEntryPointFilePath: join(packageFolder, 'dist', 'index.d.ts'),
    newlineKind: 'lf',
    compiler: { tsconfigFilePath: join(packageFolder, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFileName: 'package',
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

const found = readFileSync(join(temporary, 'package.api.md'), 'utf8');
if (!check) writeFileSync(committed, found);
else if (!existsSync(committed) || readFileSync(committed, 'utf8') !== found) {
  console.error('api.md is not what the code says: run `pnpm api`, read the difference, commit it');
  process.exitCode = 1;
}
