import { readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { isMainThread } from 'node:worker_threads'

/*
 * Loaded into a process before the program (`--require`): it then works as on a machine with TEMPER_BENCH_PROCESSORS processors, and
 * tells at its end, in the file TEMPER_BENCH_REPORT, the CPU seconds of its main thread.
 */

const processors = Number(process.env['TEMPER_BENCH_PROCESSORS'])
os.availableParallelism = () => processors

const report = process.env['TEMPER_BENCH_REPORT']
if (isMainThread && report !== undefined) process.once('exit', () => writeFileSync(report, mainThread()))

/** Nanoseconds on a processor come first (Documentation/scheduler/sched-stats.rst); the main thread has the number of its process. */
function mainThread(): string {
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return String(Number(nanoseconds) / 1e9)
}
