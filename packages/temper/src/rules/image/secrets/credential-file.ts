import { forbidPaths } from '../leftovers/path-rule.ts'
import { imageRule } from '../rule.ts'

const files =
  /(?:^|\/)(?:\.aws\/credentials|\.azure\/(?:accessTokens|msal_token_cache)\.json|\.config\/gcloud\/(?:application_default_credentials\.json|credentials\.db)|\.docker\/config\.json|\.dockercfg|\.git-credentials|\.kube\/config|\.netrc|\.pgpass|\.pypirc|\.my\.cnf|\.terraform\.d\/credentials\.tfrc\.json|\.config\/gh\/hosts\.yml|\.gem\/credentials|\.cargo\/credentials(?:\.toml)?|\.m2\/settings-security\.xml|\.vault-token|\.s3cfg)$|^var\/run\/secrets\/kubernetes\.io\/./

export const credentialFile = imageRule({
  id: 'credential-file',
  title: 'No files with login credentials for programs',
  why: "Whoever has the image can log in as their owner, with all of the owner's rights.",
  fix: 'revoke the credentials in it, build without it (RUN --mount=type=secret), and mount it when the container starts',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'minimal',
  check: forbidPaths(files, 'login credentials for programs'),
})
