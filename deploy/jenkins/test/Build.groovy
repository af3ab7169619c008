// Executes Jenkinsfiles as Jenkins would: groovyc -d CLASSES *.groovy, then java -cp CLASSES:... Build. Each line of stdin is the path of
// a BUILD.json. The result of that build goes to result.json in its folder `out`, its log to `log` there; then stdout repeats the path.
// One JVM executes all builds of a test, because its start takes seconds.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

Map build(Map config) {
    Steps.begin(config)
    def here = new Steps.Place(folder: new File(config.workspace as String))
    here.env = [
        BRANCH_NAME: config.branch, BUILD_NUMBER: config.buildNumber as String, JOB_NAME: config.jobName, WORKSPACE: config.workspace, NODE_NAME: 'built-in',
    ] + (config.changeId ? [CHANGE_ID: config.changeId] : [:]) + config.environment
    Steps.HERE.set(here)

    def compiler = new CompilerConfiguration(scriptBaseClass: 'Steps')
    if (config.step) return callStep(config, compiler)
    def text = new File(here.folder, 'Jenkinsfile').getText('UTF-8')
    Grammar.check(text)
    def declared = new Declared()
    def binding = new Binding(env: new Environment(), currentBuild: new Steps.CurrentBuild())
    def jenkinsfile = new GroovyShell(getClass().classLoader, binding, compiler).parse(text, 'Jenkinsfile')
    binding.pipeline = { Closure body -> declared.read(body) }
    jenkinsfile.run()
    def unknown = config.parameters.keySet() - declared.parameters.keySet()
    if (unknown) throw new IllegalArgumentException("The Jenkinsfile has no parameter $unknown")
    binding.params = declared.parameters + config.parameters
    // Jenkins also sets parameters in the environment of processes.
    here.env.putAll(binding.params.collectEntries { name, value -> [name, value as String] })
    here.env.putAll(declared.environment.collectEntries { name, value -> [name, value as String] })

    def stages = []
    def steps = { Closure body ->
        body.delegate = jenkinsfile
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body()
    }
    def holds
    holds = { Closure body, String how ->
        def results = []
        Declared.section(body, [
            branch: { String name -> results << (config.branch == name) },
            changeRequest: { results << (config.changeId != null) },
            not: { Closure inner -> results << !holds(inner, 'every') },
            anyOf: { Closure inner -> results << holds(inner, 'any') },
            allOf: { Closure inner -> results << holds(inner, 'every') },
            expression: { Closure inner -> results << steps(inner) },
        ])
        how == 'any' ? results.any() : results.every()
    }
    def within = { Map options, Closure body ->
        options.timeout ? jenkinsfile.timeout(options.timeout[0] as Map, body) : body()
    }
    def post = { Map conditions, String result ->
        def applies = [
            always: true, success: result == 'SUCCESS', unstable: result == 'UNSTABLE', failure: result == 'FAILURE', aborted: result == 'ABORTED',
            unsuccessful: result != 'SUCCESS', cleanup: true,
        ]
        applies.each { condition, so ->
            if (!so || !conditions[condition]) return
            Steps.note([step: 'post', condition: condition])
            try { steps(conditions[condition]) } catch (Exception failure) {
                Steps.log("Error when executing $condition post condition: ${failure.message}")
                Steps.spoil(failure instanceof Steps.Interrupted ? 'ABORTED' : 'FAILURE')
            }
        }
    }
    def stopped = false
    def runStage = { Declared.Stage stage ->
        def seen = [name: stage.name, status: 'SKIPPED']
        stages << seen
        if (stopped || (stage.when && !holds(stage.when, 'every'))) {
            Steps.log("Stage \"$stage.name\" skipped")
            return
        }
        Steps.log("--- $stage.name")
        Steps.note([step: 'stage', name: stage.name])
        def startedAt = System.currentTimeMillis()
        Steps.status.stage = 'SUCCESS'
        Steps.elsewhere({ it.env.putAll(stage.environment + [STAGE_NAME: stage.name]) }) {
            // Tests end stages before their time limits.
            def last = config.lastFiles?.get(stage.name)
            def shorten = { place -> if (last) place.over = { Steps.isWritten(last, startedAt) } }
            try { Steps.elsewhere(shorten) { within(stage.options) { steps(stage.steps) } } } catch (Exception failure) {
                Steps.log("ERROR: ${failure.message ?: failure}")
                if (!(failure instanceof Steps.Failure || failure instanceof Steps.Interrupted)) failure.printStackTrace()
                Steps.spoil(failure instanceof Steps.Interrupted ? 'ABORTED' : 'FAILURE')
                stopped = true
            }
            post(stage.post, Steps.status.stage)
        }
        seen.status = Steps.status.stage
        seen.durationS = (System.currentTimeMillis() - startedAt) / 1000
    }
    within(declared.options) {
        declared.stages.each(runStage)
    }
    post(declared.post, Steps.status.result)

    // Jenkins ends the processes that a build leaves behind, unless keepRunning has hidden them.
    def leftBehind = Steps.endProcesses()

    Steps.log("Finished: ${Steps.status.result}")
    return [
        result: Steps.status.result, description: Steps.build.description, stages: stages, events: Steps.events,
        options: declared.options.keySet(), abortPrevious: declared.options.disableConcurrentBuilds?.getAt(0)?.abortPrevious, parameters: declared.parameters, agent: declared.agent, leftBehind: leftBehind,
    ]
}

/** A build whose pipeline is one step of the shared library. */
Map callStep(Map config, CompilerConfiguration compiler) {
    def binding = new Binding(env: new Environment(), currentBuild: new Steps.CurrentBuild())
    def step = new GroovyShell(getClass().classLoader, binding, compiler).parse(new File(config.step.file as String))
    def returned
    try { returned = step.call(config.step.given as Map) } catch (Steps.Failure failure) {
        Steps.log("ERROR: ${failure.message}")
        Steps.spoil('FAILURE')
    }
    [result: Steps.status.result, description: Steps.build.description, stages: [], events: Steps.events, returned: returned, leftBehind: Steps.endProcesses()]
}

Steps.THINKING.lock()
System.in.eachLine { path ->
    def config = new JsonSlurper().parse(new File(path)) as Map
    def result
    try { result = build(config) } catch (Exception refused) { result = [refused: refused.message ?: refused.toString()] }
    new File(config.out as String, 'result.json').text = JsonOutput.toJson(result)
    Steps.end()
    println path
}
System.exit(0)
