import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tryGoTool } from './go-tool.ts'
import { writeGrypeDatabase } from './grype-database.ts'
import type { OsvRecord } from './osv-entry.ts'
import { grypeFindings, type PeerFinding, trivyFindings } from './peer-findings.ts'
import { writeTrivyDatabase } from './trivy-database.ts'

const run = promisify(execFile)

/** Grype and Trivy with just the given advisories, in a folder of their own. */
export class PeerScanners {
  readonly #folder: string
  readonly #grype: string
  readonly #trivy: string

  private constructor(folder: string, programs: { readonly grype: string; readonly trivy: string }) {
    this.#folder = folder
    this.#grype = programs.grype
    this.#trivy = programs.trivy
  }

  /** Undefined when one of them cannot be had; an error in CI. */
  static async open(folder: string, records: readonly OsvRecord[]): Promise<PeerScanners | undefined> {
    const grype = await tryGoTool('grype')
    const trivy = await tryGoTool('trivy')
    if (grype === undefined || trivy === undefined) return undefined
    const scanners = new PeerScanners(folder, { grype, trivy })
    await writeTrivyDatabase(join(folder, 'trivy'), records)
    await mkdir(join(folder, 'grype'), { recursive: true })
    writeGrypeDatabase(join(folder, 'grype'), records)
    const archive = join(folder, 'grype-database.tar')
    await run('tar', ['-C', join(folder, 'grype'), '-cf', archive, 'vulnerability.db'])
    await scanners.#runGrype(['db', 'import', archive])
    return scanners
  }

  /** `target` as Grype takes it: "sbom:FILE", "docker-archive:FILE". */
  async grype(target: string, ...options: readonly string[]): Promise<readonly PeerFinding[]> {
    return grypeFindings(await this.#runGrype([target, '-o', 'json', ...options]))
  }

  async trivySbom(path: string, ...options: readonly string[]): Promise<readonly PeerFinding[]> {
    return trivyFindings(await this.#runTrivy(['sbom', path, ...options]))
  }

  async trivyArchive(path: string, ...options: readonly string[]): Promise<readonly PeerFinding[]> {
    return trivyFindings(await this.#runTrivy(['image', '--input', path, '--scanners', 'vuln', ...options]))
  }

  async #runGrype(args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
      GRYPE_DB_AUTO_UPDATE: 'false',
      GRYPE_DB_VALIDATE_AGE: 'false',
      GRYPE_DB_CACHE_DIR: join(this.#folder, 'grype-cache'),
      GRYPE_CHECK_FOR_APP_UPDATE: 'false',
    }
    return (await run(this.#grype, [...args], { env, maxBuffer: 256 << 20 })).stdout
  }

  async #runTrivy(args: readonly string[]): Promise<string> {
    const offline = ['--skip-db-update', '--skip-java-db-update', '--offline-scan', '--skip-version-check']
    const options = ['--cache-dir', join(this.#folder, 'trivy'), '--format', 'json', '--quiet', ...offline]
    const env = { PATH: process.env.PATH, HOME: this.#folder }
    return (await run(this.#trivy, [...args, ...options], { env, maxBuffer: 256 << 20 })).stdout
  }
}

/** Writes a text into a folder and returns its path. */
export async function fileOf(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}
