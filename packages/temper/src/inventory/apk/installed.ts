import { TemperError } from '../../base/error.ts'

/** A package as apk's database lists it. */
export interface ApkPackage {
  readonly name: string
  readonly version: string
  readonly architecture?: string
  /** The source package ("origin"). */
  readonly origin?: string
  readonly licence?: string
  readonly maintainer?: string
  /** As written: "so:libc.musl-x86_64.so.1 cmd:foo=1.2". */
  readonly depends?: string
  readonly provides?: string
  /** Paths, one per line. */
  readonly files: string
}

export interface ApkDatabase {
  readonly packages: readonly ApkPackage[]
  /** Number of paragraphs that do not name a package. */
  readonly damaged: number
}

const packageLimit = 100_000
const lineLimit = 1 << 20

/**
 * Reads an installed database (apk-tools, doc/apk-v2.5.scd and src/database.c): paragraphs of lines of one letter, a
 * colon and a value. apk 3 writes the same text; only its packages and indices have a binary form.
 * Errors: `limit-exceeded`.
 */
export function parseInstalled(text: string, what: string): ApkDatabase {
  const packages: ApkPackage[] = []
  let damaged = 0
  let open = new Paragraph()
  const close = () => {
    const record = open.finish()
    if (record !== undefined) packages.push(record)
    else if (!open.empty) damaged++
    open = new Paragraph()
    if (packages.length > packageLimit) throw tooMuch(what, `more than ${packageLimit} packages`)
  }
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start)
    const end = feed < 0 ? text.length : feed
    if (end - start > lineLimit) throw tooMuch(what, `a line of more than ${lineLimit} characters`)
    if (end === start) close()
    else open.add(text.slice(start, end))
    start = end + 1
  }
  close()
  return { packages, damaged }
}

class Paragraph {
  readonly #values = new Map<string, string>()
  readonly #files: string[] = []
  #folder = ''

  get empty(): boolean {
    return this.#values.size === 0
  }

  add(line: string): void {
    if (line[1] !== ':') return
    const value = line.slice(2)
    switch (line[0]) {
      case 'F':
        this.#folder = value
        return
      case 'R':
        this.#files.push(this.#folder === '' ? value : `${this.#folder}/${value}`)
        return
      default:
        this.#values.set(line[0] ?? '', value.trimEnd())
    }
  }

  finish(): ApkPackage | undefined {
    const [name, version] = [this.#values.get('P'), this.#values.get('V')]
    if (!name || !version) return undefined
    return {
      name,
      version,
      ...this.#optional('architecture', 'A'),
      ...this.#optional('origin', 'o'),
      ...this.#optional('licence', 'L'),
      ...this.#optional('maintainer', 'm'),
      ...this.#optional('depends', 'D'),
      ...this.#optional('provides', 'p'),
      files: this.#files.join('\n'),
    }
  }

  #optional<Name extends string>(name: Name, letter: string): { [K in Name]?: string } {
    const value = this.#values.get(letter)
    return (value ? { [name]: value } : {}) as { [K in Name]?: string }
  }
}

function tooMuch(what: string, found: string): TemperError {
  return new TemperError('limit-exceeded', `${what}: ${found}`, {
    hint: 'No system has a database of this size: what is listed there is not counted.',
  })
}
