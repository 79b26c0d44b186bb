import { imageRule } from '../rule.ts'

export const noCommand = imageRule({
  id: 'no-command',
  title: 'The image says what it starts',
  why: 'Otherwise everybody has to know the program, and nothing about what runs can be checked. Only base images need none.',
  fix: 'name the program: ENTRYPOINT ["/usr/bin/app"], or entrypoint in a recipe',
  level: 'note',
  aspect: 'policy',
  tier: 'hardened',
  setting: 'entrypoint',
  needs: ['image'],
  *check({ image }) {
    const { Entrypoint, Cmd } = image.settings
    if ((Entrypoint ?? []).length + (Cmd ?? []).length === 0)
      yield { place: { kind: 'whole' }, subject: 'ENTRYPOINT', found: 'neither ENTRYPOINT nor CMD' }
  },
})
