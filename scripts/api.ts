/**
 * Reports the public interface of the library: packages/temper/api/temper.api.md lists every name that it exports, with
 * its type. `npm run api` writes it, `npm run api -- --check` fails when it is not what was reported last: a change of
 * what others build on is then a change that somebody reviews. Needs the declarations that `npm run build` writes.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('..', import.meta.url))
const home = join(root, 'packages/temper')
const entry = join(home, 'dist/index.d.ts')
const reported = join(home, 'api')
const check = process.argv.includes('--check')

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2024', 'ESNext'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}
const configObject: IConfigFile = {
  projectFolder: home,
  mainEntryPointFilePath: entry,
  newlineKind: 'lf',
  compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
  apiReport: {
    enabled: true,
    reportFileName: 'temper.api.md',
    reportFolder: reported,
    reportTempFolder: join(root, 'out/api'),
  },
  docModel: { enabled: false },
  dtsRollup: { enabled: false },
  tsdocMetadata: { enabled: false },
  messages: {
    compilerMessageReporting: { default: { logLevel: 'warning' as never } },
    // The report is about names and types. How comments are written is for their readers.
    extractorMessageReporting: { default: { logLevel: 'none' as never } },
    tsdocMessageReporting: { default: { logLevel: 'none' as never } },
  },
}

mkdirSync(reported, { recursive: true })
const { succeeded, apiReportChanged } = Extractor.invoke(
  ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: join(home, 'api-extractor.json'),
    packageJsonFullPath: join(home, 'package.json'),
  }),
  {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = message.logLevel !== 'error'
    },
  },
)
if (check && apiReportChanged) {
  console.error(
    'The public interface differs from packages/temper/api/temper.api.md. If that is meant, run npm run build and npm run api, ' +
      'say in CHANGELOG.md what changed, and keep what is replaced as deprecated (docs/reference/stability.md).',
  )
  process.exitCode = 1
} else if (!succeeded) process.exitCode = 1
else
  console.log(
    apiReportChanged ? 'packages/temper/api/temper.api.md: written' : 'The public interface is as reported',
  )
