import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfExists } from '../../base/file.ts'
import { memberOf, membersOf, textOf } from '../../base/json/value.ts'

/** Bytes of a pyproject.toml that is worth reading, and characters of the name of a function. */
const limits = { bytes: 1024 * 1024, reference: 300 }

/** Where projects have their packages. */
const places = ['', 'src'] as const

/** A function as entry points name it: "shop.cli:main", "shop.cli:app.run"; what is in brackets counts no more. */
const reference =
  /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*:\s*([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)\s*(?:\[[^\]]*\])?$/

/**
 * The command of a project of Python, as its pyproject.toml declares it: of several that of the project's name, else the first. Pip would
 * write a file that calls the function; the entrypoint calls it by itself. Undefined when it declares none, or the module is not in the
 * folder. Reads only.
 */
export async function findPythonProgram(folder: string): Promise<readonly string[] | undefined> {
  const project = await pyproject(folder)
  const declared = memberOf(project, 'project') ?? memberOf(memberOf(project, 'tool'), 'poetry')
  const scripts = membersOf(memberOf(declared, 'scripts'))
  const own = textOf(memberOf(declared, 'name'))
  const [name, value] = scripts.find(([each]) => each === own) ?? scripts[0] ?? []
  const text = textOf(value) ?? ''
  const [, module, first, rest] = (text.length <= limits.reference ? reference.exec(text) : null) ?? []
  if (name === undefined || !/^[\w.-]{1,100}$/.test(name) || module === undefined) return undefined
  for (const place of places)
    if (await hasModule(join(folder, place), module)) {
      const path = place === '' ? '/app' : `/app/${place}`
      const call = `sys.argv[0] = "${name}"; sys.path.insert(0, "${path}"); from ${module} import ${first}; sys.exit(${first}${rest}())`
      return ['/usr/bin/python3', '-c', `import sys; ${call}`]
    }
  return undefined
}

async function hasModule(folder: string, module: string): Promise<boolean> {
  const path = join(folder, ...module.split('.'))
  for (const file of [`${path}.py`, join(path, '__init__.py')])
    if (
      await stat(file).then(
        (entry) => entry.isFile(),
        () => false,
      )
    )
      return true
  return false
}

async function pyproject(folder: string): Promise<unknown> {
  const bytes = await readFileIfExists(join(folder, 'pyproject.toml')).catch(() => undefined)
  if (bytes === undefined || bytes.length > limits.bytes) return undefined
  try {
    const { parse } = await import('smol-toml')
    return parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    // Whoever mends it will see; a recipe can be begun without.
    return undefined
  }
}
