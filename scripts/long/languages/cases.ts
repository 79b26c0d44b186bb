/** A program that is built in one image of the catalogue and run in another, as a Dockerfile has it. */
export interface LanguageCase {
  /** Image of the catalogue for the stage that builds. */
  readonly build: string
  /** "dev", where that image is a variant. */
  readonly variant?: string
  /** Image that the program runs in. */
  readonly run: string
  /** What the stage installs with, for people. */
  readonly tool: string
  /** Files of the project, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** Lines after `FROM … AS build`, up to the next stage. */
  readonly steps: readonly string[]
  /** Lines after `FROM RUN`. */
  readonly final: readonly string[]
  /** What the program prints in a container that is locked down. */
  readonly output: string
}

/** One for each image of a language; what they depend on comes from the language's own registry. */
export const languageCases: readonly LanguageCase[] = [
  {
    ...{ build: 'python', variant: 'dev', run: 'python', tool: 'pip' },
    files: {
      'requirements.txt': 'jinja2==3.1.6\nmarkupsafe==3.0.2\n',
      'main.py': "import jinja2\nprint(jinja2.Template('answer {{ 6 * 7 }}').render())\n",
    },
    steps: ['COPY requirements.txt .', 'RUN python3 -m pip install --target /tmp/lib -r requirements.txt'],
    final: [
      'COPY --from=build /tmp/lib /app/lib',
      'COPY main.py /app/main.py',
      'ENV PYTHONPATH=/app/lib',
      'CMD ["/app/main.py"]',
    ],
    output: 'answer 42',
  },
  {
    ...{ build: 'node', variant: 'dev', run: 'node', tool: 'npm' },
    files: {
      'package.json': '{ "name": "app", "version": "1.0.0", "dependencies": { "semver": "7.7.3" } }',
      'server.js': 'console.log("answer", require("semver").inc("41.9.9", "major"))\n',
    },
    steps: [
      'COPY package.json ./',
      'RUN npm install --omit=dev --no-audit --no-fund',
      'COPY --chown=65532:65532 . .',
    ],
    final: ['COPY --from=build /work /app', 'WORKDIR /app', 'CMD ["server.js"]'],
    output: 'answer 42.0.0',
  },
  {
    ...{ build: 'jre', variant: 'dev', run: 'jre', tool: 'Maven' },
    files: {
      'pom.xml': `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>app</artifactId><version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.apache.commons</groupId><artifactId>commons-lang3</artifactId><version>3.17.0</version></dependency>
  </dependencies>
</project>
`,
      'src/main/java/App.java': `class App {
  public static void main(String[] words) {
    System.out.println("answer " + org.apache.commons.lang3.StringUtils.reverse("24"));
  }
}
`,
    },
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN mvn -q -B -Dmaven.repo.local=/tmp/repository package',
      'RUN cp target/*.jar /tmp/app.jar && cp /tmp/repository/org/apache/commons/commons-lang3/3.17.0/*.jar /tmp/lang.jar',
    ],
    final: [
      'COPY --from=build /tmp/app.jar /tmp/lang.jar /app/',
      'CMD ["-cp", "/app/app.jar:/app/lang.jar", "App"]',
    ],
    output: 'answer 42',
  },
  {
    ...{ build: 'go', run: 'static', tool: 'go' },
    files: {
      'go.mod': 'module app\n\ngo 1.24\n\nrequire github.com/google/uuid v1.6.0\n',
      'main.go': `package main

import (
	"fmt"

	"github.com/google/uuid"
)

func main() { fmt.Println("answer", uuid.MustParse("00000000-0000-0000-0000-000000000042")) }
`,
    },
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN go mod tidy && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o /tmp/app .',
    ],
    final: ['COPY --from=build /tmp/app /app', 'ENTRYPOINT ["/app"]'],
    output: 'answer 00000000-0000-0000-0000-000000000042',
  },
  {
    ...{ build: 'rust', run: 'cc', tool: 'cargo' },
    files: {
      'Cargo.toml':
        '[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\nitoa = "=1.0.15"\n',
      'src/main.rs': 'fn main() { println!("answer {}", itoa::Buffer::new().format(42)); }\n',
    },
    steps: ['COPY --chown=65532:65532 . .', 'RUN cargo build --release --target-dir /tmp/target'],
    final: ['COPY --from=build /tmp/target/release/app /app', 'ENTRYPOINT ["/app"]'],
    output: 'answer 42',
  },
  {
    ...{ build: 'ruby', variant: 'dev', run: 'ruby', tool: 'Bundler' },
    files: {
      Gemfile: "gem 'mustache', '1.1.1'\n",
      'main.rb':
        "require_relative 'gems/bundler/setup'\nrequire 'mustache'\nputs Mustache.render('answer {{n}}', n: 42)\n",
    },
    // The Gemfile names no source, since where gems come from is the business of the machine.
    steps: [
      'COPY --chown=65532:65532 . .',
      "RUN source=$(ruby -e 'puts Gem.sources.first') && sed -i \"1i source '$source'\" Gemfile",
      'RUN bundle config set path gems && bundle install --standalone',
    ],
    final: ['COPY --from=build /work /app', 'WORKDIR /app', 'CMD ["main.rb"]'],
    output: 'answer 42',
  },
  {
    ...{ build: 'perl', variant: 'dev', run: 'perl', tool: 'cpanm' },
    files: {
      cpanfile: "requires 'Text::Template', '1.61';\n",
      'main.pl': 'use Text::Template; print Text::Template::fill_in_string(\'answer {6 * 7}\'), "\\n";\n',
    },
    steps: ['COPY cpanfile ./', 'RUN cpanm --notest --local-lib-contained local --installdeps .'],
    final: [
      'COPY --from=build /work/local /app/local',
      'COPY main.pl /app/main.pl',
      'ENV PERL5LIB=/app/local/lib/perl5',
      'CMD ["/app/main.pl"]',
    ],
    output: 'answer 42',
  },
  {
    ...{ build: 'php-fpm', variant: 'dev', run: 'php-fpm', tool: 'Composer' },
    files: {
      'composer.json': '{ "require": { "mustache/mustache": "2.14.2" } }',
      'index.php':
        '<?php require "vendor/autoload.php"; echo (new Mustache_Engine)->render("answer {{n}}", ["n" => 42]);',
    },
    // A web server would ask it over FastCGI: that the pool takes the program in is what can be seen without one.
    steps: [
      'COPY --chown=65532:65532 . .',
      'RUN composer install --no-dev --no-interaction && php index.php | grep "answer 42"',
    ],
    final: [
      'COPY --from=build /work /var/www/html',
      'CMD ["-t", "--fpm-config", "/etc/php/8.4/fpm/php-fpm.conf"]',
    ],
    output: 'test is successful',
  },
]
