/** The content of a declarative pipeline, collected before anything runs, as Jenkins does. An unknown section is an error. */
class Declared {
    def agent
    final Map options = [:], environment = [:], post = [:]
    final Map<String, Object> parameters = [:]
    final List<Stage> stages = []

    static class Stage {
        String name
        def agent
        final Map options = [:], environment = [:], post = [:]
        Closure when, steps
        final List<Stage> stages = []
    }

    /** Evaluates a section: its words call the handlers. */
    static void section(Closure body, Map<String, Closure> handlers) {
        body.delegate = new Words(handlers: handlers)
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body()
    }

    /** A section of `name value` lines, such as options and parameters. */
    static void gather(Closure body, Map into) { section(body, ['*': { String name, List args -> into[name] = args; args }]) }

    static class Assignments {
        Map into
        void setProperty(String name, value) { into[name] = value }
    }

    static void assign(Closure body, Map into) {
        body.delegate = new Assignments(into: into)
        body.resolveStrategy = Closure.DELEGATE_ONLY
        body()
    }

    static agentOf(what) {
        if (!(what instanceof Closure)) return [label: what]
        def agent = [:]
        section(what, [label: { agent.label = it }])
        agent
    }

    static void postOf(Closure body, Map into) { section(body, ['*': { String condition, List args -> into[condition] = args[0] }]) }

    void read(Closure pipeline) {
        section(pipeline, [
            agent: { agent = agentOf(it) },
            options: { gather(it, options) },
            parameters: { Closure body ->
                def kinds = ['string', 'text', 'booleanParam', 'choice'].collectEntries { kind ->
                    [kind, { Map given -> parameters[given.name] = kind == 'choice' ? given.choices[0] : given.defaultValue }]
                }
                section(body, kinds)
            },
            environment: { assign(it, environment) },
            stages: { Closure body -> readStages(body, stages) },
            post: { postOf(it, post) },
        ])
    }

    private void readStages(Closure body, List<Stage> into) {
        section(body, [stage: { String name, Closure content ->
            def stage = new Stage(name: name)
            section(content, [
                agent: { stage.agent = agentOf(it) },
                options: { gather(it, stage.options) },
                environment: { assign(it, stage.environment) },
                when: { stage.when = it },
                steps: { stage.steps = it },
                stages: { Closure inner -> readStages(inner, stage.stages) },
                post: { postOf(it, stage.post) },
            ])
            into << stage
        }])
    }
}

/** The words of one section. */
class Words {
    Map<String, Closure> handlers
    def methodMissing(String name, args) {
        def handler = handlers[name] ?: handlers['*']
        if (!handler) throw new MissingMethodException(name, Words, args as Object[])
        handler.maximumNumberOfParameters > 1 && !handlers[name] ? handler(name, args as List) : handler(*(args as List))
    }
    def propertyMissing(String name) {
        if (name in ['any', 'none']) return name
        if (name == 'env') return new Environment()
        throw new MissingPropertyException(name, Words)
    }
}
