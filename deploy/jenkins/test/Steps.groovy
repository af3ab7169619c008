import java.nio.file.Files
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import org.jenkinsci.plugins.credentialsbinding.impl.CredentialNotFoundException

/** The steps that a Jenkinsfile may call. `sh` runs for real; what Jenkins would archive goes to the folder `out`. */
abstract class Steps extends Script {
    static class Failure extends RuntimeException { Failure(String message) { super(message) } }
    /** The build was aborted or timed out; `catchError` does not catch it. */
    static class Interrupted extends RuntimeException { Interrupted(String message) { super(message) } }

    /** Where a branch of the build runs: its folder, the environment of its processes, its deadline. */
    static class Place {
        File folder
        Map<String, String> env = [:]
        long deadline = Long.MAX_VALUE
        /** Whether the time is up before the deadline. */
        Closure<Boolean> over = { false }
        Place copy() { new Place(folder: folder, env: new LinkedHashMap(env), deadline: deadline, over: over) }
        boolean isOver() { System.currentTimeMillis() > deadline || over() }
    }

    static final ThreadLocal<Place> HERE = new ThreadLocal<Place>()
    /** One branch runs at a time, as in Jenkins; it releases the lock while it waits for a process. */
    static final ReentrantLock THINKING = new ReentrantLock(true)
    static final RANK = [SUCCESS: 0, UNSTABLE: 1, FAILURE: 2, ABORTED: 3]

    static Map config
    static File out
    static PrintWriter logFile
    static List events
    static Map<String, String> status
    static Map<String, String> build
    static Map<String, File> stashes
    static List<File> freeAgents
    static Set<String> secrets
    static String cookie
    static volatile boolean failed

    /** Resets the state for the next build. */
    static void begin(Map next) {
        config = next
        out = new File(config.out as String)
        out.mkdirs()
        logFile = new File(out, 'log').newPrintWriter('UTF-8')
        events = []
        status = [result: 'SUCCESS', stage: 'SUCCESS']
        build = [:]
        stashes = [:]
        freeAgents = config.agents.collect { new File(it as String) }
        secrets = [] as Set
        cookie = "jenkins-$config.jobName-$config.buildNumber-${UUID.randomUUID()}"
        failed = false
    }

    static void end() { logFile.close() }

    /** An earlier build of the same branch. */
    static class Earlier {
        int number
        Earlier getPreviousBuild() { before(number) }
        static Earlier before(int number) {
            def numbers = Steps.config.earlier.keySet().collect { it as int }.findAll { it < number }
            numbers ? new Earlier(number: numbers.max()) : null
        }
    }

    static class CurrentBuild {
        String getDescription() { build.description }
        void setDescription(String text) { build.description = text }
        String getCurrentResult() { status.result }
        Earlier getPreviousBuild() { Earlier.before(config.buildNumber as int) }
        void setResult(String result) { worsen(result) }
    }

    static void worsen(String result) {
        if (RANK[result] > RANK[status.result]) status.result = result
    }

    static void spoil(String result, String stage = result) {
        worsen(result)
        if (RANK[stage] > RANK[status.stage]) status.stage = stage
    }

    static void note(Map event) { synchronized (events) { events << event } }

    static void log(String line) {
        def text = line
        secrets.each { text = text.replace(it, '****') }
        logFile.println(text)
    }

    /** Whether a file of this name under `runs` has got content since then. */
    static boolean isWritten(String name, long since) {
        def written = false
        at('runs').traverse(nameFilter: name) { if (it.length() > 0 && it.lastModified() >= since) written = true }
        written
    }

    static File at(String path) { new File(HERE.get().folder, path) }

    static Object elsewhere(Closure change, Closure body) {
        def before = HERE.get()
        HERE.set(before.copy())
        try {
            change(HERE.get())
            body()
        } finally { HERE.set(before) }
    }

    // --- processes

    def sh(String script) { sh(script: script) }

    def sh(Map given) {
        def unknown = given.keySet() - ['script', 'returnStatus', 'returnStdout', 'label']
        if (unknown) throw new IllegalArgumentException("sh has no parameter $unknown")
        def here = HERE.get()
        def script = given.script as String
        log("[${here.folder.name}] + $script")
        def replaced = config.replace?.find { script.contains(it.match) }
        def event = [step: 'sh', script: script, folder: here.folder.name, replaced: replaced != null, startedAt: System.currentTimeMillis()]
        note(event)
        def process = new ProcessBuilder(['sh', '-xe', '-c', (replaced ? replaced.with : script) as String]).directory(here.folder)
        def env = process.environment()
        config.cleanEnv.each { env.remove(it) }
        env.putAll(here.env.findAll { it.value != null })
        if (!env.containsKey('JENKINS_NODE_COOKIE')) env.JENKINS_NODE_COOKIE = cookie
        def held = THINKING.holdCount
        held.times { THINKING.unlock() }
        def said = new StringBuilder(), code
        try {
            def running = process.start()
            def reader = Thread.start { running.inputStream.eachLine { if (given.returnStdout) said << it << '\n' else log(it) } }
            def complainer = Thread.start { running.errorStream.eachLine { log(it) } }
            running.outputStream.close()
            while (!running.waitFor(200, TimeUnit.MILLISECONDS)) {
                if (here.isOver()) {
                    endProcesses()
                    running.waitFor()
                    throw new Interrupted('timed out')
                }
            }
            code = running.exitValue()
            // Background processes may hold its output open.
            [reader, complainer]*.join(1000)
        } finally {
            held.times { THINKING.lock() }
            event.endedAt = System.currentTimeMillis()
        }
        event.code = code
        if (given.returnStatus) return code
        if (code != 0) throw new Failure("script returned exit code $code")
        given.returnStdout ? said.toString() : null
    }

    /** Ends the processes with the cookie of this build and returns their ids. (This Groovy version cannot call ProcessHandle.of.) */
    static List<String> endProcesses() {
        def marked = new File('/proc').listFiles().findAll { it.name.isNumber() }.findAll {
            try { new File(it, 'environ').getText('UTF-8').split('\0').contains("JENKINS_NODE_COOKIE=$cookie" as String) } catch (IOException gone) { false }
        }
        marked.each { ['kill', it.name].execute().waitFor() }
        marked*.name
    }

    // --- flow

    def script(Closure body) { body() }
    def echo(String text) { log(text); note([step: 'echo', text: text]) }
    def error(String text) { throw new Failure(text) }

    def unstable(String text) {
        log("UNSTABLE: $text")
        note([step: 'unstable', text: text])
        spoil('UNSTABLE')
    }

    def catchError(Map given, Closure body) {
        try { body() } catch (Interrupted stop) { throw stop } catch (Exception failure) {
            log("ERROR: ${failure.message}")
            spoil(given.buildResult ?: 'FAILURE', given.stageResult ?: 'FAILURE')
        }
    }

    def timeout(Map given, Closure body) {
        def limit = System.currentTimeMillis() + TimeUnit.valueOf(given.unit ?: 'MINUTES').toMillis(given.time as long)
        elsewhere({ it.deadline = Math.min(it.deadline, limit) }, body)
    }

    def waitUntil(Map given = [:], Closure body) {
        while (!body()) {
            if (failed) throw new Interrupted('another branch failed')
            if (HERE.get().isOver()) throw new Interrupted('timed out')
            def held = THINKING.holdCount
            held.times { THINKING.unlock() }
            Thread.sleep(100)
            held.times { THINKING.lock() }
        }
    }

    def parallel(Map branches) {
        def failFast = branches.remove('failFast')
        def errors = [:], from = HERE.get()
        def held = THINKING.holdCount
        def threads = branches.collect { name, body ->
            Thread.start {
                THINKING.lock()
                HERE.set(from.copy())
                note([step: 'branch', name: name as String])
                try { body() } catch (Throwable failure) {
                    synchronized (errors) { errors[name] = failure }
                    log("[$name] ${failure.message}")
                    if (failFast) failed = true
                } finally { THINKING.unlock() }
            }
        }
        held.times { THINKING.unlock() }
        threads*.join()
        held.times { THINKING.lock() }
        def first = errors.values().find { !(it instanceof Interrupted) } ?: errors.values().find { true }
        if (first) throw first
    }

    def node(String label, Closure body) {
        if (label != config.agentLabel) throw new Failure("no agent has the label $label")
        if (freeAgents.isEmpty()) waitUntil { !freeAgents.isEmpty() }
        def folder = freeAgents.remove(0)
        note([step: 'node', label: label, folder: folder.name])
        try {
            elsewhere({ it.folder = folder; it.env.WORKSPACE = folder.path }, body)
        } finally { freeAgents << folder }
    }

    def milestone(int ordinal) { note([step: 'milestone', ordinal: ordinal]) }

    def withEnv(List<String> variables, Closure body) {
        elsewhere({ place -> variables.each { place.env[it.takeWhile { sign -> sign != '=' }] = it.substring(it.indexOf('=') + 1) } }, body)
    }

    def lock(String resource, Closure body) {
        note([step: 'lock', resource: resource])
        try { body() } finally { note([step: 'unlock', resource: resource]) }
    }

    def keepRunning(Closure body) {
        note([step: 'keepRunning'])
        elsewhere({ it.env.JENKINS_NODE_COOKIE = 'dontKillMe' }, body)
    }

    // --- credentials

    Map string(Map given) { [id: given.credentialsId, variable: given.variable] }

    def withCredentials(List<Map> wanted, Closure body) {
        def bound = wanted.collectEntries {
            def value = config.credentials?.get(it.id)
            if (value == null) throw new CredentialNotFoundException("Could not find credentials entry with ID '${it.id}'")
            secrets << (value as String)
            [it.variable, value]
        }
        note([step: 'withCredentials', ids: wanted*.id])
        elsewhere({ it.env.putAll(bound) }, body)
    }

    // --- files

    def fileExists(String path) { at(path).exists() }
    def readFile(String path) { at(path).getText('UTF-8') }

    def stash(Map given) {
        def to = new File(out, "stash/${given.name}")
        copy(Glob.files(HERE.get().folder, given.includes as String, given.excludes as String), HERE.get().folder, to)
        note([step: 'stash', name: given.name, folder: HERE.get().folder.name])
        stashes[given.name as String] = to
    }

    def unstash(String name) {
        if (!stashes[name]) throw new Failure("No such saved stash ‘$name’")
        note([step: 'unstash', name: name, folder: HERE.get().folder.name])
        copy(Glob.files(stashes[name], '**'), stashes[name], HERE.get().folder)
    }

    private static void copy(List<String> paths, File from, File to) {
        if (paths.isEmpty()) throw new Failure('No files included')
        paths.each {
            def target = new File(to, it)
            target.parentFile.mkdirs()
            Files.copy(new File(from, it).toPath(), target.toPath(), java.nio.file.StandardCopyOption.REPLACE_EXISTING, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES)
        }
    }

    // --- what Jenkins archives

    def junit(Map given) {
        def files = Glob.files(HERE.get().folder, given.testResults as String)
        if (files.isEmpty() && !given.allowEmptyResults) throw new Failure('No test report files were found.')
        def suites = files.collect { new XmlSlurper().parse(at(it)) }
        def cases = suites.collectMany { suite -> suite.'**'.findAll { it.name() == 'testcase' } }
        def bad = cases.count { it.failure.size() + it.error.size() > 0 }
        if (bad > 0) spoil('UNSTABLE')
        note([step: 'junit', files: files, tests: cases.size(), failed: bad])
    }

    /** A build may lack plugins; Jenkins answers so to the steps of one that it has not. */
    private static void need(String step) {
        if (config.missing?.contains(step)) throw new NoSuchMethodError("No such DSL method '$step' found among steps")
    }

    def publishChecks(Map given) {
        need('publishChecks')
        def unknown = given.keySet() - ['name', 'title', 'summary', 'text', 'conclusion', 'status', 'detailsURL']
        if (unknown) throw new IllegalArgumentException("publishChecks has no parameter $unknown")
        note([step: 'publishChecks', *: given])
    }

    def publishHTML(Map given) {
        need('publishHTML')
        def target = given.target
        def folder = at(target.reportDir as String)
        def page = new File(folder, target.reportFiles as String)
        if (!page.exists() && !target.allowMissing) throw new Failure("Specified HTML directory '$folder' does not exist.")
        copy(Glob.files(folder, '**'), folder, new File(out, "html/${target.reportName}"))
        note([step: 'publishHTML', name: target.reportName])
    }

    def perfReport(Map given) {
        need('perfReport')
        def root = new XmlSlurper().parse(at(given.sourceDataFiles as String))
        note([step: 'perfReport', root: root.name(), groups: root.Group.size()])
    }

    def specific(String number) {
        need('copyArtifacts')
        number
    }

    def copyArtifacts(Map given) {
        need('copyArtifacts')
        def unknown = given.keySet() - ['projectName', 'selector', 'filter', 'target', 'optional']
        if (unknown) throw new IllegalArgumentException("copyArtifacts has no parameter $unknown")
        // As the plugin does: its AbortException is an IOException.
        if (config.refused?.contains('copyArtifacts')) throw new IOException("Unable to find project for artifact copy: ${given.projectName}")
        def archive = new File(config.earlier[given.selector] as String, 'archive')
        def files = Glob.files(archive, given.filter as String)
        note([step: 'copyArtifacts', from: given.selector, files: files.size()])
        if (files.isEmpty() && given.optional) return
        copy(files, archive, at(given.target as String))
    }

    def archiveArtifacts(Map given) {
        def files = Glob.files(HERE.get().folder, given.artifacts as String, given.excludes as String)
        if (files.isEmpty() && !given.allowEmptyArchive) throw new Failure('No artifacts found')
        copy(files, HERE.get().folder, new File(out, 'archive'))
        note([step: 'archiveArtifacts', files: files])
    }
}
