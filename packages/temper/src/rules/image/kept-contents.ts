/**
 * Paths of files whose content rules ask for, without leading slash. What is not listed here has no `content` in a
 * foreign image. Nothing more is kept than 1 MiB of a file and 256 MiB of all: list places, not whole kinds of files.
 */
export const keptContents: readonly RegExp[] = [
  // Accounts.
  /^etc\/(?:passwd|shadow|group|gshadow)-?$/,
]
