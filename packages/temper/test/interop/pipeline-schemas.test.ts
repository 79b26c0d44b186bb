import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { tryPythonTool } from '../support/python-tool.ts'
import { repositoryRoot } from '../support/source-files.ts'

/*
 * What GitHub and GitLab read of us, held against their own schemas as check-jsonschema brings them.
 */

const run = promisify(execFile)
const checker = await tryPythonTool('check-jsonschema')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-pipelines-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What the checker says of a document; rejects when it breaks the schema. */
async function check(schema: string, name: string, document: unknown): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, typeof document === 'string' ? document : stringify(document))
  const program = join(checker ?? '', 'bin/check-jsonschema')
  return (await run(program, ['--builtin-schema', `vendor.${schema}`, file])).stdout
}

const repositoryText = (path: string) => readFile(join(repositoryRoot, path), 'utf8')

/** The job of the component, with each input as `value` makes it. */
async function component(value: (given: unknown) => string): Promise<unknown> {
  const text = await repositoryText('templates/temper.yml')
  const [spec, jobs] = parseAllDocuments(text).map((each) => each.toJS())
  const written = JSON.stringify(jobs).replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) =>
    JSON.stringify(value(spec.spec.inputs[name].default)).slice(1, -1),
  )
  return JSON.parse(written)
}

describe.skipIf(checker === undefined)(
  'pipelines by the schemas of their hosts',
  { timeout: 120_000 },
  () => {
    it('the action is one of GitHub', async () => {
      const text = await repositoryText('action.yml')
      expect(await check('github-actions', 'action.yml', text)).toContain('ok')
      await expect(check('github-actions', 'bad.yml', { ...parse(text), runs: {} })).rejects.toThrow()
    })

    it.each(['ci', 'release'])('the workflow %s is one of GitHub', async (name) => {
      const text = await repositoryText(`.github/workflows/${name}.yml`)
      expect(await check('github-workflows', `${name}.yml`, text)).toContain('ok')
    })

    it('the examples of the page are workflows of GitHub', async () => {
      const page = await repositoryText('docs/how-to/github-and-gitlab.md')
      const examples = [...page.matchAll(/^```yaml\n(on:[\s\S]*?)^```$/gm)]
      expect(examples.length).toBe(3)
      for (const [index, [, text = '']] of examples.entries())
        expect(await check('github-workflows', `example-${index}.yml`, text)).toContain('ok')
    })

    it.each([
      ['by default', (given: unknown) => String(given)],
      ['with inputs of every kind', () => `a "b' $(c)\nd: [e]`],
    ])('the job of the component is one of GitLab %s', async (_, value) => {
      const job = await component(value)
      // A stage and a name are words to GitLab whatever they hold.
      expect(await check('gitlab-ci', 'job.yml', job)).toContain('ok')
      await expect(check('gitlab-ci', 'bad.yml', { job: { script: 1 } })).rejects.toThrow()
    })
  },
)
