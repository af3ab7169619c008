// The step `headroom` for the pipelines of other repositories (docs/ci.md): a load test, its report and its verdict in their build.
//   flags      flags of headroom stress, one word each: ['--target', 'http://127.0.0.1:3000/', '--threshold', 'latency.p99 < 100ms']
//   baseline   name of the pinned baseline to compare with; builds of the main branch that are not worse are pinned under it
//   version    of the npm package (latest)
//   home       folder of an installed package; without it the step installs one into .headroom
// A failed threshold (exit code 3) and a missing verdict (4) make the build unstable. Returns the exit code.
def call(Map given = [:]) {
    def unknown = given.keySet() - ['flags', 'baseline', 'version', 'home']
    if (unknown) error "headroom has no parameter ${unknown.join(', ')}. It has flags, baseline, version and home"
    if (!given.flags) error "headroom needs flags, such as flags: ['--target', 'http://127.0.0.1:3000/']"
    def home = given.home ?: '.headroom/node_modules/headroom-bench'
    if (!given.home) sh "npm install --prefix .headroom --no-save --no-audit --no-fund 'headroom-bench@${given.version ?: 'latest'}'"
    def isMain = env.BRANCH_IS_PRIMARY == 'true' || env.BRANCH_NAME == 'main'
    def variables = ["HEADROOM=node\n${home}/dist/cli.js", "HEADROOM_FLAGS=${given.flags.join('\n')}", "BASELINE=${given.baseline ?: ''}", "PIN=${isMain}"]
    def code = 0
    withEnv(variables) { code = sh(returnStatus: true, script: "'${home}/ci/run.sh'") }
    publish(code)
    if (code == 3) unstable('A threshold failed, or the run is worse than the baseline.')
    else if (code == 4) unstable('No verdict.')
    else if (code != 0) error "headroom failed with exit code ${code}."
    return code
}

def publish(int code) {
    if (!fileExists('runs/last/report.md')) return echo('No report to publish: there was no run.')
    def report = readFile('runs/last/summary.md')
    def title = readFile('runs/last/verdict.txt').trim()
    currentBuild.description = title
    junit testResults: 'runs/last/junit.xml', allowEmptyResults: true
    optional('checks-api') {
        def conclusion = code == 0 ? 'SUCCESS' : code == 3 ? 'FAILURE' : 'NEUTRAL'
        publishChecks name: 'headroom', title: title, summary: report.take(60000), conclusion: conclusion, detailsURL: "${env.BUILD_URL ?: ''}headroom/"
    }
    optional('htmlpublisher') {
        publishHTML(target: [reportName: 'headroom', reportDir: 'runs/last', reportFiles: 'index.html', keepAll: true, alwaysLinkToLastBuild: true, allowMissing: false])
    }
    archiveArtifacts artifacts: 'runs/last/**'
}

// A step whose plugin is missing is left out, with a warning in the log.
def optional(String plugin, Closure body) {
    try {
        body()
    } catch (NoSuchMethodError missing) {
        echo "WARNING: the Jenkins plugin ${plugin} is not installed (${missing.message})"
    }
}
