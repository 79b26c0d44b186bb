import { TemperError } from '../base/error.ts'
import { isObject, type JsonObject, scalarText, textOf } from '../base/json/value.ts'
import { ownMember } from '../base/own-member.ts'
import {
  containerLists,
  type FieldPath,
  type ImageMention,
  listAt,
  type Pod,
  type PodContainer,
  type TextPlace,
  valueAt,
} from '../model/assess/workload.ts'
import type { ManifestContents } from './contents.ts'
import type { ManifestDocument } from './yaml-file.ts'

/** Where the objects of Kubernetes have their pods: the path of a pod template. */
const templates: Readonly<Record<string, FieldPath>> = {
  Pod: [],
  PodTemplate: ['template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}
const plain: FieldPath = ['spec', 'template']

/** How deep an object of somebody else's kind is searched for pods. */
const depth = 12

interface Reading {
  readonly document: ManifestDocument
  readonly contents: ManifestContents
}

/**
 * The pods and images of an object, or of the objects in a list. `item` is what an object in a list is that does not say
 * so itself: kubectl takes the kind of a "PodList" without its end.
 */
export function readObject(path: FieldPath, { document, contents }: Reading, item: JsonObject = {}): void {
  const value = valueAt(document.value, path)
  if (!isObject(value)) return
  const object: JsonObject = isNothing(value['kind']) ? { ...value, ...item } : value
  const { kind } = object
  if (typeof kind !== 'string' || kind === '') {
    contents.unread.push({ place: document.locate(path), why: 'an object of a list has no kind' })
    return
  }
  if (kind.endsWith('List') && Array.isArray(object['items'])) {
    const each = { kind: kind.slice(0, -'List'.length), apiVersion: object['apiVersion'] }
    object['items'].forEach((_, index) => {
      readObject([...path, 'items', index], { document, contents }, each)
    })
    return
  }
  contents.objects++
  const brought = broughtElsewhere(object, kind)
  if (brought === 'overlay') throw notRendered(document.locate(path), contents.file)
  if (brought !== undefined)
    contents.unread.push({ place: document.locate(path), why: `${kind.slice(0, 100)} ${brought}` })
  const reader = new ObjectReader({ document, contents }, { path, object, kind: kind.slice(0, 100) })
  const known = ownMember(templates, kind) ?? plain
  if (isPodSpec(valueAt(object, [...known, 'spec']))) reader.readPod([...path, ...known])
  else if (!isOwnGroup(object)) reader.search(object, path)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isPodSpec(value: unknown): boolean {
  return listAt(value, ['containers']).some(isObject)
}

/** Kinds that stand for objects that are somewhere else, by their group: what is run is not in the file. */
const elsewhere: readonly (readonly [group: RegExp, kinds: RegExp, why: string])[] = [
  [/^kustomize\.config\.k8s\.io$/, /^(?:Kustomization|Component)$/, 'overlay'],
  [
    /\.toolkit\.fluxcd\.io$/,
    /^(?:HelmRelease|Kustomization)$/,
    'brings objects that are not read: render what it installs',
  ],
  [/^argoproj\.io$/, /^Application(?:Set)?$/, 'brings objects that are not read: render what it installs'],
  [/^helm\.cattle\.io$/, /^HelmChart$/, 'brings objects that are not read: render what it installs'],
]

function broughtElsewhere({ apiVersion }: JsonObject, kind: string): string | undefined {
  const group = scalarText(apiVersion).split('/').at(-2) ?? ''
  return elsewhere.find(([groups, kinds]) => groups.test(group) && kinds.test(kind))?.[2]
}

function notRendered({ line }: Pick<TextPlace, 'line'>, file: string): TemperError {
  return new TemperError(
    'bad-manifest',
    `${file}:${line}: a kustomization says what to render, and runs nothing itself`,
    { hint: 'Judge its output instead: kustomize build FOLDER' },
  )
}

/** API groups of Kubernetes itself (Kubernetes API reference, 1.37); others below k8s.io are kinds of projects. */
const ownGroups: ReadonlySet<string> = new Set(
  [
    'admissionregistration apiextensions apiregistration authentication authorization certificates coordination',
    'discovery events flowcontrol.apiserver internal.apiserver metrics networking node rbac.authorization resource',
    'scheduling storage storagemigration',
  ].flatMap((names) => names.split(' ').map((name) => `${name}.k8s.io`)),
)

/** Whether Kubernetes itself has the object: its kinds hold pods where `templates` says, and nowhere else. */
function isOwnGroup({ apiVersion }: JsonObject): boolean {
  const group = scalarText(apiVersion).split('/').at(-2) ?? ''
  return !group.includes('.') || ownGroups.has(group)
}

interface KubernetesObject {
  readonly path: FieldPath
  readonly object: JsonObject
  readonly kind: string
}

class ObjectReader {
  readonly #reading: Reading
  readonly #object: KubernetesObject

  constructor(reading: Reading, object: KubernetesObject) {
    this.#reading = reading
    this.#object = object
  }

  get #name(): string {
    return (textOf(valueAt(this.#object.object, ['metadata', 'name'])) ?? 'without a name').slice(0, 253)
  }

  /** A pod template at `path`. */
  readPod(path: FieldPath): void {
    const value = valueAt(this.#reading.document.value, path)
    if (isObject(value)) this.#pod(value, (own) => [...path, ...own])
  }

  /** Pods and images in an object of any shape: whatever has `containers`, and single containers. */
  search(value: unknown, path: FieldPath): void {
    if (path.length > depth + this.#object.path.length) return
    if (isPodSpec(value) && isObject(value)) {
      this.#pod({ spec: value }, (own) => (own[0] === 'spec' ? [...path, ...own.slice(1)] : path))
      return
    }
    if (isObject(value) && looksLikeImage(value['image'])) this.#image([...path, 'image'], 'image')
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value))
      this.search(inner, [...path, key])
  }

  #pod(value: JsonObject, from: (path: FieldPath) => FieldPath): void {
    const { document, contents } = this.#reading
    const { path, object, kind } = this.#object
    const namespace = textOf(valueAt(object, ['metadata', 'namespace']))
    const containers = containersOf(value)
    const pod: Pod = {
      kind,
      name: this.#name,
      dialect: 'kubernetes',
      value,
      containers,
      ...(namespace === undefined ? {} : { namespace }),
      place: document.locate(path),
      locate: (own) => document.locate(from(own)),
    }
    contents.pods.push(pod)
    for (const container of containers) {
      const where = `container ${container.name}`
      if (typeof container.value['image'] === 'string')
        this.#image(from([...container.path, 'image']), where, { pod, container })
      else contents.unread.push({ place: pod.locate(container.path), why: `${where} names no image` })
    }
    for (const [index, volume] of listAt(value, ['spec', 'volumes']).entries())
      if (typeof valueAt(volume, ['image', 'reference']) === 'string')
        this.#image(from(['spec', 'volumes', index, 'image', 'reference']), 'a volume', { pod })
  }

  #image(path: FieldPath, where: string, of: Pick<ImageMention, 'pod' | 'container'> = {}): void {
    const { document, contents } = this.#reading
    const span = document.spanOf(path)
    contents.images.push({
      text: scalarText(valueAt(document.value, path)),
      place: document.locate(path),
      where: `${this.#object.kind} ${this.#name}, ${where}`,
      ...of,
      ...(span === undefined ? {} : { span }),
    })
  }
}

function containersOf(value: JsonObject): readonly PodContainer[] {
  return containerLists.flatMap((list) =>
    listAt(value, ['spec', list]).flatMap((container, index): PodContainer[] => {
      if (!isObject(container)) return []
      const name = (textOf(container['name']) ?? `${index + 1}`).slice(0, 100)
      return [{ list, name, path: ['spec', list, index], value: container }]
    }),
  )
}

/** Other kinds use `image` for other things too: pictures, machines. */
function looksLikeImage(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value.length <= 500 &&
    /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9._-]+)+(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.test(value)
  )
}
