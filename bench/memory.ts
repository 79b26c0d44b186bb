import { readdir, readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const interval = 10

/**
 * Largest sum, in MiB, over all processes of the group `leader` at one time. Shared pages count once (the
 * kernel's "proportional set size"). Sampled every 10 ms, so shorter peaks are missed.
 */
export async function peakMemory(leader: number, ended: () => boolean): Promise<number> {
  let peak = 0
  while (!ended()) {
    let sum = 0
    for (const pid of await membersOf(leader)) sum += await proportionalSize(pid)
    peak = Math.max(peak, sum)
    await setTimeout(interval)
  }
  return peak / 1024
}

async function membersOf(leader: number): Promise<string[]> {
  const members: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(pid)) continue
    const stat = await readIfThere(`/proc/${pid}/stat`)
    // After the name in parentheses: state, parent, process group (proc(5)).
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (Number(group) === leader) members.push(pid)
  }
  return members
}

async function proportionalSize(pid: string): Promise<number> {
  const match = /^Pss:\s+(\d+) kB/m.exec(await readIfThere(`/proc/${pid}/smaps_rollup`))
  return Number(match?.[1] ?? 0)
}

/** Processes end while one looks: then there is nothing to read. */
async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  })
}
