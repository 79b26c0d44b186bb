import { resolve } from 'node:path'
import { mergeDocuments } from '../../advisory/vex/apply/merge.ts'
import { draftStatement, type StatementDraft } from '../../advisory/vex/author/draft.ts'
import { addToFile } from '../../advisory/vex/author/statement-file.ts'
import { type ReadVex, readVex } from '../../advisory/vex/format/read.ts'
import { tryUtf8 } from '../../base/bytes.ts'
import { hexOf, sha256 } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import { formatPurl } from '../../formats/purl/purl.ts'
import type { VexDocument, VexStatement } from '../../model/advisory/vex.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { Reference } from '../../model/reference.ts'
import type { Context } from '../context.ts'
import { loadTarget } from '../lock/recipe-target.ts'
import { endedStatements, statementPath } from './file.ts'
import { readAnyVex } from './read.ts'
import type { VexRequest } from './vex.ts'

/** Where statements are kept: a file, or the one beside a recipe that is given by name or path. */
export type StatementPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'recipe'; readonly target: string }

export interface AddStatementRequest extends Omit<StatementDraft, 'product'> {
  readonly place: StatementPlace
  readonly product?: string
  /** Who states it. */
  readonly author?: string
}

export interface AddedStatement {
  /** Absolute path of the file. */
  readonly path: string
  readonly statement: VexStatement
}

/** Adds a statement to a file of statements, which is made if necessary. */
export async function addStatement(request: AddStatementRequest, context: Context): Promise<AddedStatement> {
  const { place: asked, author, ...draft } = request
  const place = await findPlace(asked, context)
  const product = request.product ?? place.product
  if (product === undefined && draft.packages.length === 0)
    throw new TemperError('bad-usage', 'Expected a package or a product for the statement to be about')
  const now = context.now()
  const statement = draftStatement({ ...draft, ...(product === undefined ? {} : { product }) }, now)
  const bytes = await readFileIfExists(place.path)
  const before = bytes === undefined ? undefined : tryUtf8(bytes)
  if (bytes !== undefined && before === undefined)
    throw new TemperError('bad-vex', `${place.path}: expected UTF-8 text`)
  const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const text = addToFile(before, statement, {
    ...(author === undefined ? {} : { author }),
    timestamp,
    file: place.path,
    unique: hexOf(sha256(`${timestamp} ${place.path}`)),
  })
  await writeFileAtomic(place.path, text)
  return { path: place.path, statement }
}

async function findPlace(
  place: StatementPlace,
  context: Context,
): Promise<{ readonly path: string; readonly product?: string }> {
  if (place.kind === 'file') return { path: resolve(context.workingDir, place.path) }
  const loaded = await loadTarget({ target: place.target }, context)
  const { name } = loaded.recipe
  return {
    path: statementPath(loaded),
    product: formatPurl({ type: 'oci', name: name.slice(name.lastIndexOf('/') + 1).toLowerCase() }),
  }
}

export interface ListedVex {
  readonly documents: readonly VexDocument[]
  readonly notes: readonly InventoryNote[]
}

export interface ListStatementsRequest extends Omit<VexRequest, 'reference'> {
  readonly of: StatementPlace | { readonly kind: 'image'; readonly reference: Reference }
}

/** Lists the statements in a file, or those about an image. */
export async function listStatements(
  { of, ...request }: ListStatementsRequest,
  context: Context,
): Promise<ListedVex> {
  if (of.kind === 'image') {
    const { vex } = await import('./vex.ts')
    const published = await vex({ ...request, reference: of.reference }, context)
    const { document, notes } = readVex(Buffer.from(published.text), { origin: published.reference })
    return { documents: [document], notes }
  }
  const { path } = await findPlace(of, context)
  const { document, notes } = await readFile(path)
  return { documents: [document], notes }
}

export interface CheckedVex {
  readonly file: string
  readonly format: VexDocument['format']
  readonly statements: number
  /** What is wrong with it: unusable and expired statements. */
  readonly problems: readonly string[]
}

/** Reads files, and says what is wrong with them. Throws `bad-vex` for anything that is not a VEX document. */
export async function validateStatements(
  files: readonly string[],
  context: Context,
): Promise<readonly CheckedVex[]> {
  const checked: CheckedVex[] = []
  for (const file of files) {
    const { document, notes } = await readFile(resolve(context.workingDir, file), file)
    const ended = endedStatements(document, context.now())
    checked.push({
      file,
      format: document.format,
      statements: document.statements.length,
      problems: [...notes.map(({ message }) => message), ...ended],
    })
  }
  return checked
}

/**
 * Merges several files into one OpenVEX document; earlier files take precedence. Throws `bad-vex` when they state
 * nothing.
 */
export async function mergeStatements(files: readonly string[], context: Context): Promise<string> {
  const read = await Promise.all(files.map((file) => readFile(resolve(context.workingDir, file), file)))
  for (const { message } of read.flatMap(({ notes }) => notes)) context.progress.warn(message)
  const merged = mergeDocuments(read.map(({ document }) => document))
  if (merged === undefined) throw new TemperError('bad-vex', 'These files hold no statement')
  return merged
}

async function readFile(path: string, shown = path): Promise<ReadVex> {
  const bytes = await readFileIfExists(path)
  if (bytes === undefined) throw new TemperError('not-found', `There is no file ${shown}`)
  return await readAnyVex(bytes, { origin: shown })
}
