import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const address = pathToFileURL(join(import.meta.dirname, 'kept-code.ts')).href

let home = ''
let folder = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-kept-'))
  folder = join(home, 'cache/compile')
  await mkdir(join(home, 'cache'))
  await writeFile(join(home, 'answer.cjs'), 'exports.answer = () => { const sum = 20 + 21\nreturn sum }')
  await writeFile(
    join(home, 'main.cjs'),
    `const { basename } = require('node:path')
exports.main = () => basename(__filename) + ' ' + basename(__dirname) + ' ' + require('./answer.cjs').answer()
exports.far = () => import('node:os').then(({ EOL }) => EOL)`,
  )
})
afterEach(() => rm(home, { recursive: true }))

/** What a process prints that loads the program with what earlier ones kept; `body` has the program as "program". */
async function processOf(body: string, purpose = 'scan', builtIn = 'undefined'): Promise<string> {
  const options = { program: join(home, 'main.cjs'), folder, purpose, runtime: [process.version] }
  const script = `
    import { createRequire } from 'node:module'
    import { keepCode } from ${JSON.stringify(address)}
    const options = ${JSON.stringify(options)}
    const code = keepCode(Object.assign({ builtInModule: ${builtIn} }, options))
    const program = createRequire(options.program)('./main.cjs')
    ${body}
    code.keep()`
  await writeFile(join(home, 'start.mjs'), script)
  const { stdout, stderr } = await run(process.execPath, [
    '--conditions=temper-source',
    join(home, 'start.mjs'),
  ])
  expect(stderr).toBe('')
  return stdout
}
const called = 'console.log(program.main())'

async function pack(): Promise<{ readonly path: string; readonly inode: number }> {
  const [name = '', ...others] = await readdir(folder)
  expect(others).toEqual([])
  const path = join(folder, name)
  return { path, inode: (await stat(path)).ino }
}

describe('code that is kept', () => {
  it('is what a process compiled, with the functions that were called', async () => {
    expect(await processOf(called)).toMatch(/^main\.cjs temper-kept-\w+ 41\n$/)
    const first = await pack()
    expect(await processOf(called)).toContain(' 41\n')
    // Taken: else the file would have been made anew.
    expect(await pack()).toEqual(first)
    const whole = (await stat(first.path)).size
    await rm(first.path)
    await processOf('createRequire(options.program)("./answer.cjs")')
    const { path } = await pack()
    expect((await stat(path)).size).toBeLessThan(whole)
  })

  it('lets files import what is loaded by need, of which Node does not warn', async () => {
    await processOf(called)
    expect(await processOf('process.stdout.write(await program.far())')).toBe('\n')
  })

  it('gets modules of Node where it is told to, and everything else as ever', async () => {
    const builtIn = '(name) => { console.log(name); return process.getBuiltinModule(name) }'
    expect(await processOf(called, 'scan', builtIn)).toMatch(/^node:path\nmain\.cjs temper-kept-\w+ 41\n$/)
  })

  it('is not taken for a file that says something else in as many characters', async () => {
    await processOf(called)
    const first = await pack()
    const path = join(home, 'answer.cjs')
    await writeFile(path, (await readFile(path, 'utf8')).replace('21', '22'))
    expect(await processOf(called)).toContain(' 42\n')
    expect((await pack()).inode).not.toBe(first.inode)
    expect(await processOf(called)).toContain(' 42\n')
  })

  it('is not taken when it is damaged or cut short, and made anew', async () => {
    await processOf(called)
    const { path } = await pack()
    const bytes = await readFile(path)
    for (const damaged of [
      bytes.map((byte, at) => (at === 400 ? byte ^ 1 : byte)),
      bytes.subarray(0, 30),
      Buffer.alloc(0),
    ]) {
      await writeFile(path, damaged)
      expect(await processOf(called)).toContain(' 41\n')
      expect((await readFile(path)).length).toBeGreaterThan(400)
    }
  })

  it('of other files stays when a process loads some alone, as long as there are such files', async () => {
    await processOf(called)
    const { path } = await pack()
    await writeFile(join(home, 'more.cjs'), 'exports.more = () => 1')
    await processOf('createRequire(options.program)("./more.cjs")')
    const names = async () =>
      (await readFile(path)).toString('latin1').match(/\b\w+\.cjs(?=","[0-9a-f]{64})/g)
    expect(await names()).toEqual(['main.cjs', 'more.cjs', 'answer.cjs'])
    await rm(join(home, 'more.cjs'))
    await writeFile(join(home, 'next.cjs'), '')
    await processOf('createRequire(options.program)("./next.cjs")')
    expect(await names()).toEqual(['main.cjs', 'next.cjs', 'answer.cjs'])
  })

  it('is one pack for each purpose', async () => {
    await processOf(called, 'scan')
    await processOf(called, 'verify')
    expect((await readdir(folder)).map((name) => name.replace(/.*-/, '')).sort()).toEqual(['scan', 'verify'])
  })

  it('is done without where nothing can be written', async () => {
    await rm(join(home, 'cache'), { recursive: true })
    await writeFile(join(home, 'cache'), 'a file')
    expect(await processOf(called)).toContain(' 41\n')
    expect(await readFile(join(home, 'cache'), 'utf8')).toBe('a file')
  })
})
