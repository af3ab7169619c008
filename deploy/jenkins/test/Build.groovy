// Executes a Jenkinsfile as Jenkins would: groovyc -d CLASSES *.groovy, then java -cp CLASSES:... Build BUILD.json. What happened goes to
// result.json in the build's folder `out`; the log goes to stderr.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

def config = new JsonSlurper().parse(new File(args[0]))
Steps.config = config
Steps.out = new File(config.out as String)
Steps.out.mkdirs()
Steps.cookie = "jenkins-$config.jobName-$config.buildNumber-${UUID.randomUUID()}"
Steps.freeAgents = config.agents.collect { new File(it as String) }
def here = new Steps.Place(folder: new File(config.workspace as String))
here.env = [
    BRANCH_NAME: config.branch, BUILD_NUMBER: config.buildNumber as String, JOB_NAME: config.jobName, WORKSPACE: config.workspace, NODE_NAME: 'built-in',
] + (config.changeId ? [CHANGE_ID: config.changeId] : [:]) + config.environment
Steps.HERE.set(here)
Steps.THINKING.lock()

def text = new File(here.folder, 'Jenkinsfile').getText('UTF-8')
Grammar.check(text)
def compiler = new CompilerConfiguration(scriptBaseClass: 'Steps')
def declared = new Declared()
def binding = new Binding(env: new Environment(), currentBuild: new Steps.CurrentBuild())
def jenkinsfile = new GroovyShell(getClass().classLoader, binding, compiler).parse(text, 'Jenkinsfile')
binding.pipeline = { Closure body -> declared.read(body) }
jenkinsfile.run()
def unknown = config.parameters.keySet() - declared.parameters.keySet()
if (unknown) throw new IllegalArgumentException("the Jenkinsfile has no parameter $unknown")
binding.params = declared.parameters + config.parameters
// Jenkins gives parameters to processes, too.
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
        // The clock of a test is shorter than that of a build.
        def limitS = config.limitsS?.get(stage.name)
        def options = limitS ? [timeout: [[time: limitS, unit: 'SECONDS']]] : stage.options
        try { within(options) { steps(stage.steps) } } catch (Exception failure) {
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

// What a build leaves behind, Jenkins ends, unless keepRunning has hidden it.
def leftBehind = Steps.endProcesses()

Steps.log("Finished: ${Steps.status.result}")
new File(Steps.out, 'result.json').text = JsonOutput.prettyPrint(JsonOutput.toJson([
    result: Steps.status.result, description: Steps.build.description, stages: stages, events: Steps.events,
    options: declared.options.keySet(), parameters: declared.parameters, agent: declared.agent, leftBehind: leftBehind,
]))
System.exit(0)
