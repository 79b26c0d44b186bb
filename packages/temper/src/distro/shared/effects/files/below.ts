import type { Stage } from '../stage.ts'

/** A path and all paths below it, folders before what is in them. */
export function below(path: string, stage: Stage): readonly string[] {
  const all = [path]
  for (let i = 0; i < all.length; i++) {
    const at = all[i] as string
    if (stage.get(at)?.type === 'directory') for (const name of stage.list(at)) all.push(`${at}/${name}`)
  }
  return all
}
