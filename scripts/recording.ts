/**
 * Draws the picture of the README: runs commands in a terminal of 84 columns, in an empty folder, and draws what they
 * printed, with the colours and, as an animation, one after the other. Run by `npm run recording`; it uses the packages
 * and advisories that the cache has.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { terminalSvg } from './recording-svg.ts'

const columns = 84
const commands = [
  'temper build nginx --sign release.key',
  'temper verify oci:out/nginx --key release.pub --require signature,spdx,provenance',
  'temper scan pkg:npm/axios@0.21.0 --fail-on high+fixable',
]

const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'packages/temper/src/cli/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'temper-recording-'))
try {
  const env = { ...process.env, TEMPER_KEY_PASSWORD: 'recording', TERM: 'xterm-256color', CI: '1' }
  writeFileSync(join(folder, 'temper'), `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`, { mode: 0o755 })
  const options = { cwd: folder, env: { ...env, PATH: `${folder}${delimiter}${process.env['PATH']}` } }
  execFileSync(process.execPath, [main, 'keys', 'generate', '-o', 'release', '-q'], options)
  const shots: { command: string; output: string }[] = []
  for (const command of commands) shots.push({ command, output: shown(await run(command, options), folder) })
  const path = join(root, 'docs/images/terminal.svg')
  writeFileSync(path, terminalSvg(shots, { columns }))
  console.log(`wrote ${path}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What a command shows on a terminal; progress goes to standard error, which nobody looks at here. */
async function run(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<string> {
  const line = `stty cols ${columns}; ${command} 2>/dev/null`
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0 && code !== 1) throw new Error(`${command}: ${code}\n${output}`)
  return output
}

/** As a person would see it who works in a folder of his own. */
function shown(output: string, place: string): string {
  return output.replaceAll('\r\n', '\n').replaceAll(place, '/home/you').trimEnd()
}
