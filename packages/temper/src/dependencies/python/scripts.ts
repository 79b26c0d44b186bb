import { TemperError } from '../../base/error.ts'

/** A program that a package offers by an entry point. */
export interface ConsoleScript {
  readonly name: string
  readonly module: string
  /** Dotted. */
  readonly call: string
}

const dotted = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/

/** The programs of entry_points.txt (PyPA, "Entry points specification"). Throws `bad-archive` for names that lead elsewhere. */
export function consoleScripts(text: string, what: string): readonly ConsoleScript[] {
  const scripts = new Map<string, ConsoleScript>()
  let section = ''
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const heading = /^\[([^\]]*)\]$/.exec(line)?.[1]
    if (heading !== undefined) section = heading.trim()
    else if (section === 'console_scripts' || section === 'gui_scripts') {
      const equals = line.indexOf('=')
      const name = line.slice(0, Math.max(0, equals)).trim()
      const [target = ''] = line.slice(equals + 1).split('[', 1)
      const [module = '', call = ''] = target.split(':').map((part) => part.trim())
      if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,200}$/.test(name) || !dotted.test(module) || !dotted.test(call))
        throw new TemperError(
          'bad-archive',
          `${what}: no program can be made of ${JSON.stringify(line.slice(0, 200))}`,
        )
      scripts.set(name, { name, module, call })
    }
  }
  return [...scripts.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function scriptText({ module, call }: ConsoleScript, interpreter: string): string {
  const [first = ''] = call.split('.')
  return `#!${interpreter}\nimport sys\nfrom ${module} import ${first}\n\nif __name__ == "__main__":\n    sys.exit(${call}())\n`
}

/** Scripts of wheels begin with "#!python", which stands for whatever Python they are installed for. */
export function withInterpreter(content: Buffer, interpreter: string): Buffer {
  const end = content.indexOf(10)
  const first = content.subarray(0, end === -1 ? content.length : end).toString('latin1')
  if (!/^#!python[w]?(?:\s|$)/.test(first)) return content
  const rest = content.subarray(end === -1 ? content.length : end)
  return Buffer.concat([Buffer.from(`#!${interpreter}${first.replace(/^#!pythonw?/, '').trimEnd()}`), rest])
}
