import { imageRule } from '../rule.ts'

const system =
  /^\/*$|^\/(?:bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr)\/*$|^\/(?:dev|proc|sys|boot)\/|(?:^|\/)(?:docker|containerd|podman|crio)\.sock$/

export const systemVolume = imageRule({
  id: 'system-volume',
  title: 'No volume on a system folder',
  why: 'The contents of a volume are not what was built and checked. On top of programs, settings or devices they decide what runs.',
  fix: 'name a folder for data only: VOLUME /var/lib/app',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'volume',
  needs: ['image'],
  *check({ image }) {
    for (const path of Object.keys(image.settings.Volumes ?? {}))
      if (system.test(path))
        yield {
          place: { kind: 'whole' },
          subject: `VOLUME ${path.slice(0, 200)}`,
          found: 'a system folder is a volume',
        }
  },
})
