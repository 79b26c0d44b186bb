import type { Digest } from '../../../base/digest.ts'
import type { AssessedFinding } from '../../../model/assess/assessment.ts'
import { instructionOf, type NamedSetting } from '../../../model/assess/setting.ts'
import type { Component } from '../../../model/inventory.ts'
import { type Place, placePath } from '../../../model/rule.ts'
import { secretEntries } from '../secrets/found.ts'
import type { ImageSubject } from '../subject.ts'
import { dockerfileLine, instructionsOf, withoutText } from './instructions.ts'

type Origin = Pick<AssessedFinding, 'layer' | 'instruction' | 'package'>

/** Entries of a history, from the last, that are searched for what sets something: nobody's Dockerfile has more. */
const mostSearched = 1000

/** What brought things into an image: layers, the instructions that made them, and packages. */
export class Origins {
  readonly #subject: Partial<ImageSubject>
  readonly #ofLayers: ReadonlyMap<Digest, string>
  #components: ReadonlyMap<string, Component> | undefined
  #instructions: readonly (string | undefined)[] | undefined

  constructor(subject: Partial<ImageSubject>) {
    this.#subject = subject
    this.#ofLayers = new Map(
      (subject.layers ?? []).flatMap(({ diffId, createdBy }) => {
        const line = dockerfileLine(createdBy)
        return diffId === undefined || line === undefined ? [] : [[diffId, line]]
      }),
    )
  }

  of(place: Place, setting?: NamedSetting): Origin {
    const path = placePath(place)
    const layer = 'layer' in place ? place.layer : this.#layerOf(place)
    const instruction =
      setting === undefined
        ? layer === undefined
          ? undefined
          : this.#ofLayers.get(layer)
        : this.#instructionFor(setting)
    const owner = path === undefined ? undefined : this.#subject.ownerOf?.(path.replace(/^\/+/, ''))?.name
    const name = owner ?? (place.kind === 'package' ? place.name : undefined)
    return {
      ...(layer === undefined ? {} : { layer }),
      ...(instruction === undefined ? {} : { instruction }),
      ...(name === undefined ? {} : { package: name }),
    }
  }

  /** The layer of the file that says a package is there. */
  #layerOf(place: Place): Digest | undefined {
    if (place.kind !== 'package') return undefined
    const { inventory, layers = [] } = this.#subject
    this.#components ??= new Map(inventory?.components.map((component) => [component.purl, component]))
    const locations = this.#components.get(place.purl)?.locations ?? []
    const at =
      locations.find(({ path }) => place.path === undefined || `/${path}` === place.path) ?? locations[0]
    return at?.layer === undefined ? undefined : layers[at.layer]?.diffId
  }

  /** The last instruction that sets a setting; earlier ones do not count. */
  #instructionFor({ setting, name }: NamedSetting): string | undefined {
    const { image } = this.#subject
    if (image === undefined) return undefined
    const hidden = secretEntries(this.#subject.secrets ?? [])
    this.#instructions ??= instructionsOf(image).map(({ text, position }) =>
      hidden.has(position) ? withoutText(text) : dockerfileLine(text),
    )
    if (setting === 'history') return this.#instructions[Number(name) - 1]
    const keyword = instructionOf[setting]
    return this.#instructions
      .slice(-mostSearched)
      .findLast(
        (line) => line?.startsWith(`${keyword} `) === true && (name === undefined || mentions(line, name)),
      )
  }
}

/** Whether one of the words of an instruction is this one: variables, labels, ports and folders as any builder writes them. */
function mentions(line: string, name: string): boolean {
  const words = line.split(/[\s[\]{}:=,"']+/)
  // "80" is 80/tcp.
  return words.includes(name) || words.includes(name.replace(/\/tcp$/, ''))
}
