import { imageRule } from '../rule.ts'

/** Keys whose values depend on where they are written. */
const own: ReadonlySet<string> = new Set([
  'org.opencontainers.image.created',
  'org.opencontainers.image.ref.name',
])

export const contradiction = imageRule({
  id: 'contradiction',
  title: 'Annotations and labels say the same',
  why: 'Labels are often inherited from the base image: they then describe the base under the name of this image.',
  fix: 'set the label again (LABEL), or to nothing',
  level: 'warning',
  aspect: 'policy',
  tier: 'secure',
  setting: 'label',
  needs: ['image'],
  *check({ image }) {
    const { Labels = {} } = image.settings
    for (const [key, value] of Object.entries(image.annotations)) {
      if (own.has(key) || !Object.hasOwn(Labels, key) || Labels[key] === value) continue
      const found = `the annotation is "${value.slice(0, 100)}", the label "${Labels[key]?.slice(0, 100) ?? ''}"`
      yield { place: { kind: 'whole' }, subject: key.slice(0, 200), found }
    }
  },
})
