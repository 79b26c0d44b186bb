{{- define "temper.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "temper.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "temper.labels" -}}
{{ include "temper.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "temper.image" -}}
{{- $repository := required "image.repository: name an image with Temper and its server" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ $repository }}@{{ .Values.image.digest }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "temper.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "temper.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* What several servers cannot do without, said before anything is installed. */}}
{{- define "temper.check" -}}
{{- if gt (int .Values.replicas) 1 }}
{{- if not .Values.database.secret }}{{ fail "database.secret: several servers need a PostgreSQL that all of them use; name a secret with its address, or set replicas to 1" }}{{ end }}
{{- if not .Values.registry.url }}{{ fail "registry.url: several servers publish to one registry; name its address, or set replicas to 1" }}{{ end }}
{{- if not (or .Values.signingKey.secret .Values.signingKey.command .Values.signingKey.keyless.identity) }}{{ fail "signingKey.secret: several servers sign with one key; name a secret that holds it (temper keys generate makes one), sign without a key (signingKey.keyless), or set replicas to 1" }}{{ end }}
{{- end }}
{{- if and .Values.signingKey.keyless.identity .Values.signingKey.command }}{{ fail "signingKey.keyless: an identity signs, or a command, not both" }}{{ end }}
{{- if and .Values.signingKey.keyless.identity (not .Values.signingKey.keyless.issuer) }}{{ fail "signingKey.keyless.issuer: an identity counts only together with the issuer of its tokens" }}{{ end }}
{{- if and .Values.signingKey.secret .Values.signingKey.command }}{{ fail "signingKey.command: the key comes from a secret or from a command, not from both" }}{{ end }}
{{- if and (or .Values.signingKey.earlier .Values.signingKey.passwordKey .Values.signingKey.trustedRoot) (not .Values.signingKey.secret) }}{{ fail "signingKey.secret: name the secret that has the keys of signingKey.earlier, signingKey.passwordKey and signingKey.trustedRoot" }}{{ end }}
{{- if and (gt (int .Values.workers.replicas) 0) (not .Values.workers.secret) }}{{ fail "workers.secret: workers need a token of the role worker; make one with POST /api/tokens, or set workers.replicas to 0" }}{{ end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}{{ fail "ingress.host: name the host that the ingress is for" }}{{ end }}
{{- end }}
