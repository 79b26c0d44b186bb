/** The languages of applications that can be started. */
export type AppLanguage = 'python' | 'php' | 'ruby' | 'go' | 'rust' | 'java' | 'node'

/**
 * All of them. JavaScript is the last that is looked for: applications in other languages have packages of npm for their pages.
 */
export const languages: readonly AppLanguage[] = ['python', 'php', 'ruby', 'go', 'rust', 'java', 'node']
