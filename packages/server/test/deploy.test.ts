import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { settingsFrom } from '../src/settings-sources.ts'

const file = (name: string) => readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8')

/** What the Compose specification (its schema of 2026-06) lets a service and a health check say. */
const composeKeys = {
  service: `annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
    container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime
    cpu_shares cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices
    dns dns_opt dns_search domainname entrypoint env_file environment expose extends
    external_links extra_hosts gpus group_add healthcheck hostname image init ipc isolation
    label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness
    memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit
    platform ports post_start pre_stop privileged profiles provider pull_policy
    pull_refresh_after read_only restart runtime scale secrets security_opt shm_size stdin_open
    stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user
    userns_mode uts volumes volumes_from working_dir`.split(/\s+/),
  healthcheck: 'disable interval retries start_interval start_period test timeout'.split(' '),
}

/** Options of the command, as its reference page has them. */
async function optionsOfServe(): Promise<readonly string[]> {
  const page = await readFile(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8')
  const section = page.split('\n## temper serve\n')[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/--[a-z-]+/g)].map(([name]) => name)
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[]
        readonly volumes: readonly string[]
        readonly environment: Readonly<Record<string, string>>
        readonly healthcheck?: object
      }
    >
  >
  readonly volumes: Readonly<Record<string, object>>
}

describe('files to run the service with', () => {
  it('name options that there are', async () => {
    const compose = parse(await file('compose.yaml')) as Compose
    const unit = await file('temper.service')
    const words = [
      ...(compose.services['temper']?.command ?? []),
      ...(/^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []),
    ].filter((word) => word.startsWith('--'))
    expect(words).toHaveLength(5)
    const known = [...(await optionsOfServe()), '--config']
    expect(words.filter((word) => !known.includes(word))).toEqual([])
  })

  it('say of services what Compose knows', async () => {
    const { services, ...rest } = parse(await file('compose.yaml')) as Compose
    expect(Object.keys(rest)).toEqual(['volumes'])
    for (const { healthcheck = {}, ...service } of Object.values(services)) {
      expect(Object.keys(service).filter((key) => !composeKeys.service.includes(key))).toEqual([])
      expect(Object.keys(healthcheck).filter((key) => !composeKeys.healthcheck.includes(key))).toEqual([])
    }
  })

  it('give the service a folder that stays, and a database', async () => {
    const { services, volumes } = parse(await file('compose.yaml')) as Compose
    expect(services['temper']?.volumes).toContain('data:/data')
    expect(Object.keys(volumes)).toEqual(['data', 'cache', 'database'])
    const url = services['temper']?.environment['TEMPER_SERVE_DATABASE'] ?? ''
    const given = { data: '/data', factory: { program: ['temper'], database: url } }
    expect(settingsFrom({ environment: {}, given }).factory?.database).toBe(url)
  })
})
