import { Document } from 'yaml'
import { portText, publishedPort, tmpfsOptions, volumeName } from './docker.ts'
import type { Lockdown } from './plan.ts'
import { yamlOptions } from './yaml-options.ts'

type Json = Readonly<Record<string, unknown>>

/** A Compose file (compose-spec) with one locked-down service. */
export function composeFile(plan: Lockdown): Json {
  const data = plan.mounts.filter(({ kind }) => kind === 'data')
  return {
    services: { [plan.name]: service(plan) },
    ...(data.length === 0
      ? {}
      : { volumes: Object.fromEntries(data.map((mount) => [volumeName(plan, mount), {}])) }),
  }
}

function service(plan: Lockdown): Json {
  const { user, resources } = plan
  const data = plan.mounts.filter(({ kind }) => kind === 'data')
  const scratch = plan.mounts.filter(({ kind }) => kind === 'scratch')
  const ports = plan.ports.filter(({ protocol }) => protocol !== 'sctp')
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
    ...(data.length === 0
      ? {}
      : { volumes: data.map((mount) => `${volumeName(plan, mount)}:${mount.path}`) }),
    ...(ports.length === 0
      ? {}
      : { ports: ports.map((port) => `127.0.0.1:${publishedPort(port)}:${portText(port)}`) }),
  }
}

/** The file as YAML, with what is not proved said at its top. */
export function composeYaml(plan: Lockdown): string {
  const document = new Document(composeFile(plan), yamlOptions)
  const lines = [
    'pids_limit, mem_limit and sizes are a start that nothing in the image proves: measure.',
    ...plan.notes,
  ]
  document.commentBefore = lines.map((line) => ` ${line.replaceAll(/[\r\n\p{Zl}\p{Zp}]+/gu, ' ')}`).join('\n')
  return document.toString({ lineWidth: 0 })
}
