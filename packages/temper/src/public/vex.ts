/** VEX: which vulnerabilities do not matter, and why. */

export {
  type AddedStatement,
  type AddStatementRequest,
  addStatement,
  type CheckedVex,
  type ListedVex,
  listStatements,
  mergeStatements,
  type StatementPlace,
  validateStatements,
} from '../flows/vex/statements.ts'
export { type FoundVex, type VexRequest, vex } from '../flows/vex/vex.ts'
