import { z } from 'zod'

/** As much of a lock as the service looks at; the commands that read it check the rest. */
const lock = z.looseObject({
  suites: z.array(z.looseObject({ digest: z.string() })),
  platforms: z
    .array(
      z.looseObject({
        platform: z.string(),
        packages: z.array(
          z.looseObject({
            name: z.string(),
            version: z.string(),
            source: z.looseObject({ name: z.string(), version: z.string() }),
          }),
        ),
      }),
    )
    .min(1),
})

export type ReadLock = z.output<typeof lock>

export function readLock(text: string): ReadLock {
  return lock.parse(JSON.parse(text))
}

/** Whether both choose the same packages. Files of recipes and suites may differ. */
export function choosesSame(a: ReadLock, b: ReadLock): boolean {
  return JSON.stringify(chosen(a)) === JSON.stringify(chosen(b))
}

function chosen({ platforms }: ReadLock): readonly string[] {
  return platforms.flatMap(({ platform, packages }) =>
    packages.map(({ name, version }) => `${platform} ${name} ${version}`),
  )
}
