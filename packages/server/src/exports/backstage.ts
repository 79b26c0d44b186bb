import { createHash } from 'node:crypto'
import type { OwnedImage } from '../images/owners.ts'

/** An entity of Backstage's catalogue (backstage.io/docs/features/software-catalog/descriptor-format). */
export interface BackstageEntity {
  readonly apiVersion: 'backstage.io/v1alpha1'
  readonly kind: 'Component'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
}

/** Longest name of an entity. */
const nameLimit = 63

/** An image as a component, with what people want to know about it: its owner, its lifecycle and where it is. */
export function entityOf(
  { name, owner, lifecycle, tags, digest, extends: base, endOfLife }: OwnedImage,
  { registry, service }: { readonly registry: string; readonly service: string },
): BackstageEntity {
  const shown = tags.length === 0 ? 'no stable tag' : `tags ${tags.join(', ')}`
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: entityName(name),
      title: name,
      description: `Hardened image ${registry}/${name}: ${shown}`,
      annotations: {
        'temper.io/image': `${registry}/${name}`,
        ...(digest === null ? {} : { 'temper.io/digest': digest }),
        ...(endOfLife === null ? {} : { 'temper.io/end-of-life': endOfLife }),
      },
      ...(digest === null
        ? {}
        : {
            links: [
              {
                url: `${service}/api/images/${encodeURIComponent(name)}/${digest}`,
                title: 'Its contents, and what is known about it',
              },
            ],
          }),
    },
    spec: {
      type: 'container-image',
      lifecycle,
      owner,
      ...(base === null ? {} : { dependsOn: [`component:default/${entityName(base)}`] }),
    },
  }
}

/** Names of images may be longer than those of entities, and have two separators side by side. */
function entityName(name: string): string {
  if (name.length <= nameLimit && /^[a-z0-9]+(?:[-_.]+[a-z0-9]+)*$/.test(name)) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return `${name.replace(/[^a-z0-9]+/g, '-').slice(0, nameLimit - 13)}-${hash}`
}

/** Entities as one file that Backstage accepts as a location. JSON is YAML. */
export function catalogInfo(entities: readonly BackstageEntity[]): string {
  return entities.map((each) => `---\n${JSON.stringify(each, undefined, 2)}\n`).join('')
}
