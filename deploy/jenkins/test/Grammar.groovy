import org.codehaus.groovy.ast.ASTNode
import org.codehaus.groovy.ast.builder.AstBuilder
import org.codehaus.groovy.ast.expr.ClosureExpression
import org.codehaus.groovy.ast.expr.ConstantExpression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.ast.stmt.BlockStatement
import org.codehaus.groovy.ast.stmt.ExpressionStatement
import org.codehaus.groovy.ast.stmt.Statement
import org.codehaus.groovy.control.CompilePhase

/** What Jenkins refuses before a declarative pipeline runs: logic outside script { }, unknown sections, stages without content. */
class Grammar {
    static final Map<String, Set<String>> SECTIONS = [
        pipeline: ['agent', 'options', 'parameters', 'environment', 'triggers', 'tools', 'stages', 'post'] as Set,
        stages: ['stage'] as Set,
        stage: ['agent', 'options', 'environment', 'when', 'steps', 'stages', 'parallel', 'post', 'tools', 'input'] as Set,
        post: ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup'] as Set,
    ]

    /** Throws an error with the line number of the first problem. */
    static void check(String text) {
        def nodes = new AstBuilder().buildFromString(CompilePhase.CONVERSION, true, text)
        def calls = nodes.findAll { it instanceof BlockStatement }.collectMany { it.statements }
        def pipelines = calls.findAll { isCall(it, 'pipeline') }
        if (pipelines.size() != 1) throw new IllegalStateException('a Jenkinsfile must have exactly one pipeline { }')
        if (calls.size() != 1) wrong(calls.find { it != pipelines[0] }, 'only functions and imports are allowed outside pipeline { }')
        def sections = section('pipeline', pipelines[0])
        ['agent', 'stages'].each { if (!sections.contains(it)) throw new IllegalStateException("pipeline { } requires $it") }
    }

    private static List<String> section(String name, Statement statement) {
        def inside = bodyOf(statement)
        inside.collect {
            def part = nameOf(it)
            if (!(part in SECTIONS[name])) wrong(it, "$part is not allowed in $name { }")
            if (part == 'stage') {
                def parts = section('stage', it)
                if ((parts.count { it in ['steps', 'stages', 'parallel'] }) != 1) wrong(it, 'a stage must have steps, stages or parallel')
            } else if (SECTIONS.containsKey(part)) section(part, it).with { names ->
                if (part == 'post') bodyOf(it).each { condition -> steps(condition) }
                if (names.isEmpty()) wrong(it, "$part { } is empty")
            } else if (part == 'steps') steps(it)
            part
        }
    }

    private static void steps(Statement statement) {
        def inside = bodyOf(statement)
        if (inside.isEmpty()) wrong(statement, 'a block of steps is empty')
        inside.each { if (nameOf(it) != 'script' && bodyOf(it) != null) steps(it) }
    }

    private static String nameOf(Statement statement) {
        def call = statement instanceof ExpressionStatement ? statement.expression : null
        if (!(call instanceof MethodCallExpression) || !call.implicitThis || !(call.method instanceof ConstantExpression)) wrong(statement, 'only steps are allowed here; put logic into script { }')
        call.method.value
    }

    /** The statements of its closure; null when it has none. */
    private static List<Statement> bodyOf(Statement statement) {
        nameOf(statement)
        def closure = statement.expression.arguments.expressions.find { it instanceof ClosureExpression }
        closure?.code?.statements
    }

    private static boolean isCall(ASTNode statement, String name) {
        statement instanceof ExpressionStatement && statement.expression instanceof MethodCallExpression && statement.expression.methodAsString == name
    }

    private static void wrong(ASTNode node, String why) { throw new IllegalStateException("line ${node.lineNumber}: $why") }
}
