import type { JsonObject } from '../../base/json/value.ts'
import { containerLists, type Pod, type PodContainer, type PodSubject } from '../../model/assess/workload.ts'
import { podRules } from './rules.ts'

/** A pod whose places are the paths that were asked for. */
export function podOf(spec: JsonObject, metadata: JsonObject = {}): Pod {
  const containers = containerLists.flatMap((list) => {
    const all = spec[list]
    return (Array.isArray(all) ? (all as JsonObject[]) : []).map(
      (value, at): PodContainer => ({ list, name: String(value['name']), path: ['spec', list, at], value }),
    )
  })
  const locate = (path: Pod['containers'][number]['path']) => ({ file: path.join('.'), line: 1, column: 1 })
  return {
    ...{ kind: 'Pod', name: 'p', dialect: 'kubernetes', place: locate([]), value: { metadata, spec } },
    ...{ containers, locate },
  }
}

/** What a rule tells of a pod. */
export function broken(id: string, pod: Pod, contracts: PodSubject['contracts'] = new Map()) {
  const rule = podRules.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`no rule ${id}`)
  return [...rule.check({ pod, contracts })].map(({ place, found, level }) => ({
    path: place.kind === 'span' ? place.file : '',
    ...{ found, level },
  }))
}

export const container = (more: JsonObject = {}, name = 'web') => ({ name, image: 'web', ...more })
