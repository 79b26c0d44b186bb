import { Document } from 'yaml'
import { publishedPorts, tmpfsOptions, volumeNames } from './docker.ts'
import type { Lockdown } from './plan.ts'
import { yamlOptions } from './yaml-options.ts'

type Json = Readonly<Record<string, unknown>>

/** A Compose file (compose-spec) with one locked-down service. */
export function composeFile(plan: Lockdown): Json {
  const data = dataVolumes(plan)
  return {
    services: { [plan.name]: service(plan) },
    ...(data.length === 0 ? {} : { volumes: Object.fromEntries(data.map(({ name }) => [name, {}])) }),
  }
}

/** What outlives the container, with its name. */
function dataVolumes(plan: Lockdown): readonly { readonly name: string; readonly path: string }[] {
  const names = volumeNames(plan)
  return plan.mounts.flatMap(({ kind, path }, at) =>
    kind === 'data' ? [{ name: names[at] ?? '', path }] : [],
  )
}

function service(plan: Lockdown): Json {
  const { user, resources } = plan
  const data = dataVolumes(plan)
  const scratch = plan.mounts.filter(({ kind }) => kind === 'scratch')
  const ports = publishedPorts(plan)
  return {
    image: plan.image,
    ...(user === undefined ? {} : { user: `${user.uid}:${user.gid}` }),
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    pids_limit: resources.processes,
    mem_limit: `${resources.memoryMiB}m`,
    ...(Object.keys(plan.sysctls).length === 0 ? {} : { sysctls: plan.sysctls }),
    ...(scratch.length === 0
      ? {}
      : { tmpfs: scratch.map((mount) => `${mount.path}:${tmpfsOptions(mount, plan).join(',')}`) }),
    ...(data.length === 0 ? {} : { volumes: data.map(({ name, path }) => `${name}:${path}`) }),
    ...(ports.length === 0 ? {} : { ports }),
  }
}

/** The file as YAML, with what is not proved said at its top. */
export function composeYaml(plan: Lockdown): string {
  const document = new Document(composeFile(plan), yamlOptions)
  const lines = [
    'pids_limit, mem_limit and sizes are starting values that nothing in the image proves: measure.',
    ...plan.notes,
  ]
  document.commentBefore = lines.map((line) => ` ${line.replaceAll(/[\r\n\p{Zl}\p{Zp}]+/gu, ' ')}`).join('\n')
  return document.toString({ lineWidth: 0 })
}
