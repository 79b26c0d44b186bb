import { isObject, type JsonObject, objectOf, textOf } from '../base/json/value.ts'
import { type FieldPath, listAt, type Pod, type PodContainer, valueAt } from '../model/assess/workload.ts'
import { type ComposeHost, type ComposePod, hostOfFile, podOfService } from './compose-pod.ts'
import type { ManifestContents } from './contents.ts'
import type { ManifestDocument } from './yaml-file.ts'

/** Whether a document is a Compose file: services, and nothing of Kubernetes. */
export function isCompose(value: unknown): boolean {
  return isObject(value) && isObject(value['services']) && value['apiVersion'] === undefined
}

/** The services of a Compose file (compose-spec), each as a pod of one container. */
export function readCompose(document: ManifestDocument, contents: ManifestContents): void {
  const host = hostOfFile(document.value)
  for (const [name, service] of Object.entries(valueAt(document.value, ['services']) ?? {})) {
    const path = ['services', name]
    contents.objects++
    if (!isObject(service)) continue
    if (service['extends'] !== undefined)
      contents.unread.push({
        place: document.locate([...path, 'extends']),
        why: `service ${name.slice(0, 100)} extends another one, which is not read`,
      })
    readService({ name: name.slice(0, 100), service, path }, { document, contents, host })
  }
  for (const include of listAt(document.value, ['include']).keys())
    contents.unread.push({
      place: document.locate(['include', include]),
      why: 'another file is included, which is not read: name it too',
    })
}

interface Service {
  readonly name: string
  readonly service: JsonObject
  readonly path: FieldPath
}

interface ComposeFile {
  readonly document: ManifestDocument
  readonly contents: ManifestContents
  readonly host: ComposeHost
}

function readService({ name, service, path }: Service, { document, contents, host }: ComposeFile): void {
  const { value, sources } = podOfService(name, service, host)
  const container: PodContainer = {
    list: 'containers',
    name,
    path: ['spec', 'containers', 0],
    value: objectOf(listAt(value, ['spec', 'containers'])[0]) ?? {},
  }
  const pod: Pod = {
    kind: 'service',
    name,
    dialect: 'compose',
    value,
    containers: [container],
    place: document.locate(path),
    locate: (own) => document.locate([...path, ...sourceOf(own, sources)]),
  }
  contents.pods.push(pod)
  const image = textOf(service['image'])
  if (image === undefined) {
    const built = service['build'] !== undefined
    contents.unread.push({
      place: pod.place,
      why: `service ${name} ${built ? 'is built from a Dockerfile, and its image has no name' : 'names no image'}`,
    })
    return
  }
  const at = [...path, 'image']
  const span = document.spanOf(at)
  contents.images.push({
    text: image,
    place: document.locate(at),
    where: `service ${name}`,
    pod,
    container,
    ...(span === undefined ? {} : { span }),
  })
}

/** Where the service says what the pod has at a path, or at the nearest above. */
function sourceOf(path: FieldPath, sources: ComposePod['sources']): FieldPath {
  for (let length = path.length; length > 0; length--) {
    const source = sources.get(JSON.stringify(path.slice(0, length)))
    if (source !== undefined) return source
  }
  return []
}
