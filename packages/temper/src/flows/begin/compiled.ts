import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { isObject, itemsOf, memberOf, textOf } from '../../base/json/value.ts'

/** How a program is made in a build step. */
export interface BuildStart {
  /** Lines of a shell, which run where the whole folder lies. */
  readonly run: string
  /** What they make, below the folder. */
  readonly output: string
  /** What has to be done before, since a step has no network; absent: nothing. */
  readonly before?: string
}

/** Bytes of a source or a manifest that is worth reading, and sources of one folder. */
const limits = { bytes: 1024 * 1024, sources: 200 }

/** A name that is no option and no word of a shell. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,100}$/

/** The program of a Go module: of its own folder, else of one below "cmd", that with the module's name first. */
export async function findGoBuild(folder: string): Promise<BuildStart | undefined> {
  const module = /^module\s+(\S+)/m.exec((await textIn(folder, 'go.mod')) ?? '')?.[1] ?? ''
  const own = module.split('/').findLast((part) => !/^v\d+$/.test(part)) ?? ''
  const commands = (await namesIn(join(folder, 'cmd'))).filter((name) => plainName.test(name)).sort()
  const places = [
    '',
    ...commands.toSorted((a, b) => Number(b === own) - Number(a === own)).map((name) => `cmd/${name}`),
  ]
  for (const place of places.slice(0, 20)) {
    if (!(await isProgram(join(folder, place)))) continue
    const needs = (await textIn(folder, 'go.sum')) !== undefined
    const isThere = (await textIn(folder, 'vendor/modules.txt')) !== undefined
    const options = `${needs ? '-mod=vendor ' : ''}-trimpath -buildvcs=false -o ${goOutput}`
    return {
      run: `CGO_ENABLED=0 GOTOOLCHAIN=local GOCACHE=/tmp/go-build go build ${options} ./${place}`,
      output: goOutput,
      ...(needs && !isThere ? { before: 'go mod vendor' } : {}),
    }
  }
  return undefined
}

const goOutput = '.built/app'

async function isProgram(folder: string): Promise<boolean> {
  const sources = (await namesIn(folder)).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
  for (const name of sources.sort().slice(0, limits.sources))
    if (/^package main\b/m.test((await textIn(folder, name)) ?? '')) return true
  return false
}

/** The program of a Rust package: the first that Cargo.toml names, else that of the package itself. */
export async function findRustBuild(folder: string): Promise<BuildStart | undefined> {
  const name = await rustProgram(folder)
  if (name === undefined) return undefined
  const sources = `--config 'source.crates-io.replace-with="vendored"' --config 'source.vendored.directory="vendor"'`
  const isThere = (await namesIn(join(folder, 'vendor'))).length > 0
  const needs = /^\s*source\s*=/m.test((await textIn(folder, 'Cargo.lock')) ?? '')
  return {
    run: `CARGO_HOME=/tmp/cargo cargo build --release --locked --offline${needs ? ` ${sources}` : ''}`,
    output: posix.join('target/release', name),
    ...(needs && !isThere ? { before: 'cargo vendor' } : {}),
  }
}

async function rustProgram(folder: string): Promise<string | undefined> {
  const text = await textIn(folder, 'Cargo.toml')
  if (text === undefined) return undefined
  try {
    const { parse } = await import('smol-toml')
    const manifest = parse(text)
    const named = itemsOf(manifest['bin']).flatMap((bin) =>
      isObject(bin) ? (textOf(bin['name']) ?? []) : [],
    )
    const name = named[0] ?? textOf(memberOf(manifest['package'], 'name'))
    return name !== undefined && plainName.test(name) ? name : undefined
  } catch {
    // Whoever mends it will see.
    return undefined
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}

async function textIn(folder: string, name: string): Promise<string | undefined> {
  const bytes = await readFileIfExists(join(folder, name)).catch(() => undefined)
  return bytes === undefined || bytes.length > limits.bytes ? undefined : Buffer.from(bytes).toString('utf8')
}
