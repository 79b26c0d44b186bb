import { TemperError } from '../../../base/error.ts'
import { type Coordinates, coordinates } from './coordinates.ts'

export interface PomDependency {
  readonly group?: string
  readonly artifact?: string
  readonly version?: string
  readonly scope?: string
}

/** What a pom.xml says by itself: what it inherits from elsewhere is not known without a network. */
export interface Pom {
  readonly self: Coordinates | undefined
  readonly licences: readonly string[]
  readonly dependencies: readonly PomDependency[]
  /** What is made of it: the class that is started, as plug-ins or properties name it, and the archive's name. */
  readonly build: { readonly mainClass?: string; readonly finalName?: string }
}

const depthLimit = 64
const dependencyLimit = 20_000

type Fields = Map<string, string>

/** Reads a pom.xml; properties that it sets itself are filled in. Errors: `bad-archive`, `limit-exceeded`. */
export async function readPom(text: string): Promise<Pom> {
  const { SaxesParser } = await import('saxes')
  const reading = new PomReading()
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new TemperError('bad-archive', `pom.xml: this is not XML: ${error.message.slice(0, 200)}`)
  })
  parser.on('opentag', ({ name }) => reading.open(name))
  parser.on('closetag', () => reading.close())
  parser.on('text', (words) => reading.text(words))
  parser.write(text).close()
  return reading.finish()
}

class PomReading {
  readonly #path: string[] = []
  readonly #project: Fields = new Map()
  readonly #dependencies: Fields[] = []
  readonly #managed: Fields[] = []
  readonly #licences: string[] = []
  #mainClass: { readonly name: string; readonly inArchive: boolean } | undefined
  #text = ''

  open(name: string): void {
    this.#path.push(name)
    this.#text = ''
    if (this.#path.length > depthLimit) throw new TemperError('limit-exceeded', 'pom.xml: nested too deeply')
    const place = this.#path.join('/')
    if (place === 'project/dependencies/dependency') this.#add(this.#dependencies)
    else if (place === 'project/dependencyManagement/dependencies/dependency') this.#add(this.#managed)
  }

  text(words: string): void {
    if (this.#text.length < 4096) this.#text += words
  }

  close(): void {
    const place = this.#path.join('/')
    const key = this.#path.pop() ?? ''
    const value = this.#text.trim()
    this.#text = ''
    const parent = this.#path.join('/')
    if (parent === 'project') this.#project.set(key, value)
    else if (parent === 'project/parent') this.#project.set(`parent.${key}`, value)
    else if (parent === 'project/properties') this.#project.set(`property.${key}`, value)
    else if (place === 'project/build/finalName') this.#project.set('build.finalName', value)
    else if (key === 'mainClass' && place.startsWith('project/build/')) this.#starts(value, parent)
    else if (place === 'project/licenses/license/name') this.#licences.push(value)
    else if (parent === 'project/dependencies/dependency') this.#dependencies.at(-1)?.set(key, value)
    else if (parent === 'project/dependencyManagement/dependencies/dependency')
      this.#managed.at(-1)?.set(key, value)
  }

  finish(): Pom {
    const project = this.#project
    const own = (key: string) => this.#filled(project.get(key) ?? project.get(`parent.${key}`))
    const managed = new Map(this.#managed.map((fields) => [keyOf(this.#dependency(fields)), fields]))
    return {
      self: coordinates(own('groupId'), this.#filled(project.get('artifactId')), own('version')),
      build: this.#build(),
      licences: this.#licences.filter((name) => name !== '').slice(0, 20),
      dependencies: this.#dependencies.map((fields) => {
        const stated = this.#dependency(fields)
        const elsewhere = managed.get(keyOf(stated))
        return elsewhere === undefined ? stated : { ...this.#dependency(elsewhere), ...stated }
      }),
    }
  }

  /** What an archive's manifest will name comes before what a plug-in runs while building. */
  #starts(name: string, place: string): void {
    const inArchive = /\/(?:manifest|transformer)$/.test(place)
    if (this.#mainClass === undefined || (inArchive && !this.#mainClass.inArchive))
      this.#mainClass = { name, inArchive }
  }

  #build(): Pom['build'] {
    const named = ['start-class', 'exec.mainClass', 'main.class', 'mainClass']
    const property = named
      .map((name) => this.#project.get(`property.${name}`))
      .find((each) => each !== undefined)
    const mainClass = this.#filled(this.#mainClass?.name ?? property)
    const finalName = this.#filled(this.#project.get('build.finalName'))
    return {
      ...(mainClass === undefined ? {} : { mainClass }),
      ...(finalName === undefined ? {} : { finalName }),
    }
  }

  #add(list: Fields[]): void {
    if (list.length >= dependencyLimit)
      throw new TemperError('limit-exceeded', 'pom.xml: too many dependencies')
    list.push(new Map())
  }

  #dependency(fields: Fields): PomDependency {
    const field = (key: string) => this.#filled(fields.get(key))
    const [group, artifact, version, scope] = ['groupId', 'artifactId', 'version', 'scope'].map(field)
    return {
      ...(group === undefined ? {} : { group }),
      ...(artifact === undefined ? {} : { artifact }),
      ...(version === undefined ? {} : { version }),
      ...(scope === undefined ? {} : { scope }),
    }
  }

  /** With "${…}" replaced by what this file says it is, a few times over; what stays unknown stays as it is. */
  #filled(text: string | undefined): string | undefined {
    let value = text
    for (let round = 0; round < 5 && value?.includes('${') === true && value.length < 1000; round++) {
      value = value.replace(/\$\{([^}]{1,200})\}/g, (whole, key: string) => this.#property(key) ?? whole)
    }
    return value
  }

  #property(key: string): string | undefined {
    const inProject = /^(?:project|pom)\.(.+)$/.exec(key)?.[1]
    if (inProject === undefined) return this.#project.get(`property.${key}`)
    return this.#project.get(inProject) ?? this.#project.get(`parent.${inProject}`)
  }
}

function keyOf({ group, artifact }: PomDependency): string {
  return `${group ?? ''}:${artifact ?? ''}`
}
